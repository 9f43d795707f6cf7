// Packages the extension with the server for this platform:
//   npm run package [-- --binary FLYTE_LSP] [--out FILE.vsix]
// The binary is the repository's bin/flyte-lsp unless said otherwise.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import './build.mjs';

const target = `${process.platform}-${process.arch}`;
const { values } = parseArgs({
	options: {
		binary: { type: 'string', default: '../../bin/flyte-lsp' },
		out: { type: 'string', default: `flyte-lsp-${target}.vsix` },
	},
});
if (!existsSync(values.binary)) {
	console.error(`${values.binary} is missing: run make build first`);
	process.exit(1);
}

execFileSync('node_modules/.bin/tsc', { stdio: 'inherit' });
mkdirSync('bin', { recursive: true });
copyFileSync(values.binary, 'bin/flyte-lsp');
copyFileSync('../../LICENSE', 'LICENSE');
await createVSIX({ target, packagePath: values.out, dependencies: false });
