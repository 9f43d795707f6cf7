// What a user does in the quickstart, with mouse and keys. What VS Code then
// shows goes as JSON to stdout. The variables come from vscode_test.go.
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const { TEST_ADDRESS, TEST_FOLDER, TEST_SETTINGS, TEST_SCREENSHOT, TEST_CHROMIUM, TEST_PYTHON } = process.env;

const browser = await chromium.launch({
	executablePath: TEST_CHROMIUM,
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat(
		['background-networking', 'component-update', 'sync'].map((what) => `--disable-${what}`),
	),
});
const page = await browser.newPage({ viewport: { width: 1120, height: 760 } });
page.setDefaultTimeout(60_000);

/** Writes the user's settings. */
function set(settings) {
	writeFileSync(
		TEST_SETTINGS,
		JSON.stringify({
			'flyte.python': TEST_PYTHON,
			'workbench.startupEditor': 'none',
			'workbench.colorTheme': 'Default Light Modern',
			'editor.minimap.enabled': false,
			'editor.hover.above': false,
			'telemetry.telemetryLevel': 'off',
			...settings,
		}),
	);
}

/** Chooses an entry of the quick input: a file, or with `>` before it a command. */
async function choose(entry) {
	await page.keyboard.press('F1');
	const input = page.locator('.quick-input-widget input');
	await input.fill(entry);
	const label = entry.replace(/^>|:\d+$/g, '');
	await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).waitFor();
	await input.press('Enter');
}

/** The row of lenses above the line that begins with text. */
async function lensesOf(text) {
	const line = await page.locator('.view-line', { hasText: text }).first().boundingBox();
	let nearest;
	for (const row of await page.locator('.codelens-decoration').all()) {
		const box = await row.boundingBox();
		if (line && box && box.y < line.y && line.y - box.y < 40) {
			nearest = row;
		}
	}
	return nearest;
}

/** The row of lenses above the line as soon as it has the lens. */
async function lensesWith(text, lens) {
	for (const end = Date.now() + 60_000; Date.now() < end; await page.waitForTimeout(50)) {
		const row = await lensesOf(text);
		if ((await row?.textContent())?.includes(lens)) {
			return row;
		}
	}
	throw new Error(`${text} has no lens ${lens}`);
}

async function quickstart() {
	set({});
	await page.goto(`${TEST_ADDRESS}/?folder=${TEST_FOLDER}`);
	await page.locator('.monaco-workbench').waitFor();
	await choose('workflow.py:44');
	const lenses = await lensesWith('@workflow', 'Run locally');
	await lenses.getByText('Run locally').click();
	await lensesWith('@workflow', '✓ local');

	await choose('>Flyte: Restart server');
	await lensesWith('@workflow', '✓ local');
	const name = page.locator('.view-line', { hasText: 'def product_rating' }).getByText('product_rating');
	await name.last().hover();
	const hover = page.locator('.monaco-hover', { hasText: 'product_rating' });
	await hover.waitFor();
	await page.screenshot({ path: TEST_SCREENSHOT });
	const shown = { lens: await (await lensesOf('@workflow')).textContent(), hover: await hover.innerText() };

	set({ '[python]': { 'editor.codeActionsOnSave': { 'source.fixAll.flyte': 'explicit' } } });
	await choose('mistakes.py');
	await page.locator('.squiggly-error').first().waitFor();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('# saved');
	await page.keyboard.press('Control+s');
	await page.locator('.view-line', { hasText: 'enable_deck' }).waitFor();

	await choose('typing.py');
	await page.locator('.view-line', { hasText: 'def flow' }).waitFor();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('half(');
	await page.locator('.suggest-widget .monaco-list-row.focused', { hasText: 'number=' }).waitFor();
	await page.keyboard.press('Enter');
	await page.locator('.view-line', { hasText: 'half(number=number)' }).waitFor();

	await choose('cells.ipynb');
	await page.locator('.notebookOverlay .squiggly-error').first().waitFor();

	set({ 'flyte.path': '/nowhere/flyte-lsp' });
	const message = page.locator('.notifications-toasts', { hasText: 'Flyte' });
	await message.waitFor();
	return { ...shown, message: await message.innerText() };
}

try {
	console.log(JSON.stringify(await quickstart()));
} catch (error) {
	await page.screenshot({ path: TEST_SCREENSHOT });
	console.error(error);
	process.exitCode = 1;
} finally {
	await browser.close();
}
