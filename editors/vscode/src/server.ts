import * as vscode from 'vscode';
import { type LanguageClientOptions, State } from 'vscode-languageclient/node';
import { findBinary } from './binary';
import { Client } from './client';
import { Status } from './status';

/** The files that the server takes: workflow files, and the inputs documents that it opens itself. */
const documents = [
	{ scheme: 'file', language: 'python' },
	{ scheme: 'file', language: 'go' },
	{ scheme: 'file', pattern: '**/.flyte/inputs/*.yaml' },
];

/** The cells of notebooks, as VS Code and as the protocol select them. */
const cells = { notebookType: 'jupyter-notebook', language: 'python' };
const selectedCells = {
	notebook: { scheme: 'file', notebookType: 'jupyter-notebook' },
	language: 'python',
};

/** The server's commands that run code of the workspace, or its interpreter. */
const runsCode = new Set(['flyte.run', 'flyte.startSandbox']);

/** The language server as the user sees it: started, restarted, its state and its problems shown. */
export class Server {
	private readonly status = new Status([...documents, cells]);
	private client: Client | undefined;
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
			const client = new Client(command, this.options());
			client.onDidChangeState(({ newState }) => this.showState(client, newState));
			this.client = client;
			await client.start();
		} catch (error) {
			this.report(error instanceof Error ? error.message : String(error));
		}
	}

	private async stop(): Promise<void> {
		const client = this.client;
		this.client = undefined;
		try {
			await this.told.catch(() => undefined); // the client has told of it
			await client?.dispose();
		} catch (error) {
			this.log.warn(`The server didn't stop by itself: ${error}`);
			client?.kill();
		}
	}

	private options(): LanguageClientOptions {
		return {
			documentSelector: [...documents, selectedCells],
			outputChannel: this.log,
			traceOutputChannel: this.log,
			initializationOptions: vscode.workspace.getConfiguration('flyte'),
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

	private showState(client: Client, state: State): void {
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
