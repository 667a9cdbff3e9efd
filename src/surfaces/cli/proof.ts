/**
 * The `proof` command's first file: it looks at the Node version and only then loads the rest.
 *
 * An old Node must be able to parse all of this, or it would show a syntax error in place of the
 * remedy. So: no static import, no top-level await, nothing newer than ES2018. The build keeps
 * this file a chunk of its own, and proof.test.ts checks that it stays so.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `proof: needs Node 22.18 or newer, this is ${process.versions.node} — ` +
      'install it (e.g. https://nodejs.org or "nvm install 24") and run proof again\n',
  );
  process.exitCode = 1;
} else {
  import('./main.ts').then((cli) => cli.main(process.argv.slice(2)));
}
