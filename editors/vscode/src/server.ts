import { type ChildProcess, spawn } from 'node:child_process';
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient/node';
import { findBinary } from './binary';
import { Status } from './status';

/** The files that the server takes: workflow files, and the inputs documents that it opens itself. */
const documents = [
	{ scheme: 'file', language: 'python' },
	{ scheme: 'file', language: 'go' },
	{ scheme: 'file', pattern: '**/.flyte/inputs/*.yaml' },
];

/** The server's commands that run code of the workspace. */
const runsCode = new Set(['flyte.run']);

/** How long a server may take to answer `initialize`, in milliseconds. */
const startLimit = 30_000;

/** The language server's process and the client that speaks to it. */
export class Server {
	private readonly status = new Status(documents);
	private client: LanguageClient | undefined;
	private process: ChildProcess | undefined;
	/** Ends when the client has told the server of changed settings. */
	private told: Promise<void> = Promise.resolve();
	/** Starts and stops, one after another. */
	private turn: Promise<void> = Promise.resolve();

	constructor(
		private readonly context: vscode.ExtensionContext,
		private readonly log: vscode.LogOutputChannel,
	) {}

	/** Starts the server. Where it can't be started the user is told why, and nothing is thrown. */
	start(): Promise<void> {
		return this.inTurn(() => this.launch());
	}

	/** Stops the server if it runs, and starts the one that the settings name now. */
	restart(): Promise<void> {
		return this.inTurn(async () => {
			await this.stop();
			await this.launch();
		});
	}

	/** Stops the server for good. */
	end(): Promise<void> {
		return this.inTurn(async () => {
			await this.stop();
			this.status.dispose();
		});
	}

	private inTurn(action: () => Promise<void>): Promise<void> {
		this.turn = this.turn.then(action);
		return this.turn;
	}

	private async launch(): Promise<void> {
		this.status.starting();
		try {
			const command = findBinary(this.context);
			this.log.info(`Starting ${command} serve`);
			const client = new LanguageClient('flyte', 'Flyte', () => this.spawn(command), this.options());
			client.onDidChangeState(({ newState }) => this.showState(client, newState));
			this.client = client;
			await this.answered(client.start());
		} catch (error) {
			this.report(error instanceof Error ? error.message : String(error));
		}
	}

	private spawn(command: string): Promise<ChildProcess> {
		return new Promise((resolve, reject) => {
			const child = spawn(command, ['serve']);
			child.once('error', reject);
			child.once('spawn', () => {
				this.process = child;
				resolve(child);
			});
		});
	}

	/** Waits for the client's start, and kills a server that takes too long. */
	private async answered(start: Promise<void>): Promise<void> {
		let late = false;
		const limit = setTimeout(() => {
			late = true;
			this.process?.kill('SIGKILL');
		}, startLimit);
		try {
			await start;
		} catch (error) {
			throw late ? new Error(`it gave no answer in ${startLimit / 1000} seconds`) : error;
		} finally {
			clearTimeout(limit);
		}
	}

	private async stop(): Promise<void> {
		const client = this.client;
		this.client = undefined;
		try {
			await this.told;
			await client?.dispose();
		} catch (error) {
			this.log.warn(`The server didn't stop by itself: ${error}`);
			this.process?.kill('SIGKILL');
		}
	}

	private options(): LanguageClientOptions {
		return {
			documentSelector: documents,
			outputChannel: this.log,
			traceOutputChannel: this.log,
			initializationOptions: vscode.workspace.getConfiguration('flyte'),
			initializationFailedHandler: () => false,
			middleware: {
				workspace: {
					didChangeConfiguration: (sections, next) => {
						this.told = next(sections);
						return this.told;
					},
				},
				executeCommand: async (command, args, next) => {
					if (runsCode.has(command) && !(await trusted())) {
						return undefined;
					}
					return next(command, args);
				},
			},
		};
	}

	private showState(client: LanguageClient, state: State): void {
		if (client !== this.client) {
			return; // it is being stopped
		}
		if (state === State.Starting) {
			this.status.starting();
		} else if (state === State.Running) {
			this.status.running(client.initializeResult?.serverInfo?.version);
		} else if (state === State.Stopped) {
			this.status.stopped('The server has stopped');
		}
	}

	/** Tells that the server can't be started; it doesn't wait for an answer. */
	private report(problem: string): void {
		this.log.error(problem);
		this.status.stopped(problem);
		const actions: Record<string, () => Thenable<unknown>> = {
			'Open settings': () => vscode.commands.executeCommand('workbench.action.openSettings', 'flyte.path'),
			'Show log': () => vscode.commands.executeCommand('flyte.showLog'),
			'Try again': () => this.restart(),
		};
		const message = `Flyte's language server can't be started: ${problem}`;
		void vscode.window
			.showErrorMessage(message, ...Object.keys(actions))
			.then((chosen) => chosen && actions[chosen]?.());
	}
}

/** Tells whether the workspace's code may run, and if not, offers to trust the workspace. */
async function trusted(): Promise<boolean> {
	if (vscode.workspace.isTrusted) {
		return true;
	}
	const manage = 'Manage workspace trust';
	const chosen = await vscode.window.showWarningMessage(
		'Nothing is run in restricted mode: a run executes the code of this folder.',
		manage,
	);
	if (chosen === manage) {
		await vscode.commands.executeCommand('workbench.trust.manage');
	}
	return false;
}
