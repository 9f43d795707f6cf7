import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import * as vscode from 'vscode';

const name = 'flyte-lsp';

/**
 * Returns the path of the server: the setting `flyte.path`, else the one in the
 * extension, else the one on PATH. Throws an error that tells where it looked.
 */
export function findBinary(context: vscode.ExtensionContext): string {
	const setting = vscode.workspace.getConfiguration('flyte').get('path', '').trim();
	if (setting !== '') {
		const path = resolveSetting(setting);
		if (!isExecutable(path)) {
			throw new Error(`the setting flyte.path names ${path}, which is no program`);
		}
		return path;
	}
	const bundled = context.asAbsolutePath(join('bin', name));
	const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
	const found = [bundled, ...folders.map((folder) => join(folder, name))].find(isExecutable);
	if (found === undefined) {
		throw new Error(`the extension brings none for this platform and PATH has no ${name}: set flyte.path`);
	}
	return found;
}

function resolveSetting(setting: string): string {
	if (setting === '~' || setting.startsWith('~/')) {
		return join(homedir(), setting.slice(1));
	}
	return resolve(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', setting);
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
