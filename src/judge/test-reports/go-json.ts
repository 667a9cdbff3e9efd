import { GoPackages } from './go-packages.ts';
import { asText, type JsonObject, objectLines } from './json-in-text.ts';
import type { TestReport } from './test-report.ts';
import { secondsToMicros } from './test-report.ts';
import { textLines } from './text-lines.ts';

/** Reads the events of `go test -json` (cmd/test2json), re-runs by gotestsum among them. */
export function readGoJson(text: string): TestReport {
  const packages = new GoPackages();
  const other = (line: string) => packages.packageLine(line);
  for (const event of objectLines(textLines(text), other)) read(packages, event);
  return packages.report('go-json');
}

function read(packages: GoPackages, event: JsonObject): void {
  const name = asText(event.Package) || asText(event.ImportPath);
  const test = asText(event.Test);
  const elapsed = typeof event.Elapsed === 'number' ? secondsToMicros(event.Elapsed) : undefined;
  switch (event.Action) {
    case 'run':
      if (test !== '') packages.started(name, test);
      break;
    case 'output':
      if (test !== '') packages.output(name, test, asText(event.Output));
      else packages.packageLine(asText(event.Output).trimEnd());
      break;
    case 'pass':
    case 'fail':
    case 'skip':
      if (test !== '') packages.ended(name, test, event.Action, elapsed);
      else packages.packageEnded(name, event.Action, elapsed);
      break;
    case 'build-fail':
      packages.packageEnded(name.replace(/ \[.*$/, ''), 'fail', undefined, 'does not build');
      break;
  }
}
