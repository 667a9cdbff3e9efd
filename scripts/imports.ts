import { parseSync } from 'rolldown/utils';

/** One place where a source names another module; `target` is undefined when it is computed. */
export interface Import {
  readonly line: number;
  readonly target: string | undefined;
}

/**
 * Every import of a TypeScript source, in order: import and export-from declarations, `import()`,
 * `import('…').Type`, `import x = require('…')` and `require('…')`. Types count like values.
 */
export function importsOf(file: string, source: string): Import[] {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error) throw new Error(`${file} does not parse: ${error.message}`);
  const found: { start: number; target: string | undefined }[] = [];
  visit(program, (node) => {
    const named = namedBy(node);
    if (!named) return;
    const target = named.type === 'Literal' ? named.value : undefined;
    found.push({ start: node.start, target: typeof target === 'string' ? target : undefined });
  });
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ start, target }) => ({ line: source.slice(0, start).split('\n').length, target }));
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

/** The node that names the module, if this node is a kind of import. */
function namedBy(node: Node): Node | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return (node.source as Node | null) ?? undefined;
    case 'TSExternalModuleReference':
      return node.expression as Node;
    case 'CallExpression': {
      const callee = node.callee as Node;
      const isRequire = callee.type === 'Identifier' && callee.name === 'require';
      return isRequire ? (node.arguments as Node[])[0] : undefined;
    }
    default:
      return undefined;
  }
}

function visit(value: unknown, meet: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, meet);
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value && 'start' in value) meet(value as Node);
    for (const property of Object.values(value)) visit(property, meet);
  }
}
