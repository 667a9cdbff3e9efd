import type { SyntaxNode } from 'unbash';
import { changesPrograms, holdsCode, setInSum } from './assignments.ts';

/**
 * What an expansion does besides standing for a value: sets what programs read code from, or runs
 * what a value holds. Null where it does nothing else.
 */
export function hiddenEffect(node: SyntaxNode, isTest: boolean): string | null {
  if (node.type === 'SingleQuoted' || node.type === 'AnsiCQuoted') {
    return isTest && holdsCode(node.value) ? 'a command can hide in what is compared' : null;
  }
  if (node.type === 'ExtendedGlob') {
    return isTest ? null : 'zsh runs code from a pattern in parentheses';
  }
  if (node.type === 'ArithmeticExpansion') {
    const name = setInSum(node.text.slice(3, -2));
    return name && `${name} can change what later commands do`;
  }
  if (node.type !== 'ParameterExpansion') return null;
  const { operation, parameter } = node;
  if (operation?.type === 'Transform' && operation.operand.value === 'P') {
    return 'the value is read as a prompt, and a prompt can run commands';
  }
  if (
    operation?.type === 'Default' &&
    operation.operator.endsWith('=') &&
    changesPrograms(parameter)
  ) {
    return `${parameter} can change what later commands do`;
  }
  return null;
}
