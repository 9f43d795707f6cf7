import * as vscode from 'vscode';
import { Server } from './server';

let server: Server | undefined;

/** Called by VS Code when a file of ours is opened first: starts the server. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
	const log = vscode.window.createOutputChannel('Flyte', { log: true });
	const started = new Server(context, log);
	server = started;
	context.subscriptions.push(
		log,
		vscode.commands.registerCommand('flyte.showLog', () => log.show()),
		vscode.commands.registerCommand('flyte.restartServer', () => started.restart()),
		vscode.workspace.onDidChangeConfiguration(async (change) => {
			if (change.affectsConfiguration('flyte.path')) {
				await started.restart();
			}
		}),
	);
	await started.start();
}

/** Called by VS Code when it ends or the extension is disabled; it waits for the server's end. */
export function deactivate(): Promise<void> | undefined {
	return server?.end();
}
