import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { CloseAction, LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/node';

/** How long a server may take to answer `initialize`, in milliseconds. */
const startLimit = 30_000;

/**
 * The client of one server. A server that ran and died is started again, up to
 * four times in three minutes; one that can't be started is only told of by
 * the error that `start` throws.
 */
export class Client extends LanguageClient {
	private process: ChildProcess | undefined;
	/** Ends with the process, and tells how that ended. */
	private ended: Promise<string> | undefined;
	private ran = false;

	constructor(command: string, options: LanguageClientOptions) {
		super('flyte', 'Flyte', () => this.spawn(command), {
			...options,
			initializationFailedHandler: () => false,
			errorHandler: {
				error: (...problem) => this.fallback.error(...problem),
				closed: () =>
					this.ran ? this.fallback.closed() : { action: CloseAction.DoNotRestart, handled: true },
			},
		});
	}

	private readonly fallback = this.createDefaultErrorHandler();

	override async start(): Promise<void> {
		let late = false;
		const limit = setTimeout(() => {
			late = true;
			this.kill();
		}, startLimit);
		try {
			await super.start();
			this.ran = true;
		} catch (error) {
			if (late) {
				throw new Error(`it gave no answer in ${startLimit / 1000} seconds`);
			}
			const end = await Promise.race([this.ended, after(1000, undefined, { ref: false })]);
			throw end === undefined ? error : new Error(`it ended with ${end}, see the log`);
		} finally {
			clearTimeout(limit);
		}
	}

	override error(message: string, data?: unknown, show?: boolean | 'force'): void {
		super.error(message, data, this.ran && show);
	}

	/** Ends a server that doesn't stop by itself. */
	kill(): void {
		this.process?.kill('SIGKILL');
	}

	private spawn(command: string): Promise<ChildProcess> {
		return new Promise((resolve, reject) => {
			const child = spawn(command, ['serve']);
			child.once('error', reject);
			child.once('spawn', () => {
				this.process = child;
				this.ended = new Promise((end) => {
					child.once('exit', (code, signal) => end(code === null ? `signal ${signal}` : `code ${code}`));
				});
				resolve(child);
			});
		});
	}
}
