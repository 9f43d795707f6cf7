import * as vscode from 'vscode';

/** The item in the status bar's language menu that tells the server's state. */
export class Status implements vscode.Disposable {
	private readonly item: vscode.LanguageStatusItem;

	constructor(documents: vscode.DocumentSelector) {
		this.item = vscode.languages.createLanguageStatusItem('flyte', documents);
		this.item.name = 'Flyte';
	}

	starting(): void {
		this.show('Flyte: starting', vscode.LanguageStatusSeverity.Information, 'flyte.showLog', 'Show log');
		this.item.busy = true;
	}

	running(version = ''): void {
		this.show(
			`Flyte ${version}`.trim(),
			vscode.LanguageStatusSeverity.Information,
			'flyte.showLog',
			'Show log',
		);
	}

	/** Shown in the status bar itself, with the reason as its detail. */
	stopped(reason: string): void {
		this.show(
			'Flyte: not running',
			vscode.LanguageStatusSeverity.Error,
			'flyte.restartServer',
			'Restart server',
		);
		this.item.detail = reason;
	}

	dispose(): void {
		this.item.dispose();
	}

	private show(text: string, severity: vscode.LanguageStatusSeverity, command: string, title: string): void {
		this.item.text = text;
		this.item.detail = '';
		this.item.severity = severity;
		this.item.busy = false;
		this.item.command = { command, title };
	}
}
