import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../parse-policy.ts';
import { takeClaudeSettings } from './claude-settings.ts';
import { takeCodexRules } from './codex-rules.ts';
import { takeGeminiPolicy } from './gemini-policy.ts';
import { importedPolicyText } from './imported-policy.ts';
import { type Imported, ImportedRules } from './imported-rules.ts';
import { readStarlarkCalls } from './starlark-literals.ts';
import { patternsOverlap } from './string-pattern.ts';

function claude(settings: unknown, anchor: 'project' | 'user' = 'project'): Imported {
  const out = new ImportedRules();
  takeClaudeSettings(settings, { from: 'settings.json', anchor }, out);
  return out.finish();
}
const codex = (text: string): Imported => {
  const out = new ImportedRules();
  takeCodexRules(text, 'x.rules', out);
  return out.finish();
};
const gemini = (text: string): Imported => {
  const out = new ImportedRules();
  takeGeminiPolicy(parse(text), 'x.toml', out);
  return out.finish();
};
const lines = ({ rules }: Imported) => rules.map(({ list, text }) => `${list} ${text}`);

describe('Claude Code', () => {
  test.each<[rules: object, becomes: string[]]>([
    [{ allow: ['Bash(npm run test:*)'] }, ['commands.allow npm run test *']],
    [
      { allow: ['Bash(a b *)', 'Bash(npm test)'] },
      ['commands.allow a b *', 'commands.allow npm test'],
    ],
    [
      { ask: ['Bash(git push:*)'], deny: ['Bash(rm *)'] },
      ['commands.deny rm *', 'commands.ask git push *'],
    ],
    [
      { allow: ['Edit(src/**)', 'Edit(/docs/**)', 'Edit(./a.md)'] },
      ['scope.write src/**', 'scope.write docs/**', 'scope.write a.md'],
    ],
    [
      { allow: ['Edit(*.md)', 'Edit(~/notes/**)', 'Edit(//srv/x)'] },
      ['scope.write **/*.md', 'scope.write ~/notes/**', 'scope.write /srv/x'],
    ],
    [{ allow: ['Edit'] }, ['scope.write **']],
    [{ allow: ['Write'] }, ['scope.write **']],
    [{ ask: ['Edit(package.json)'] }, ['scope.ask **/package.json']],
    [
      { deny: ['Read(.env)', 'Read(./secrets/**)'] },
      ['scope.deny **/.env', 'scope.deny secrets/**'],
    ],
    [{ deny: ['Read(secrets/**)'] }, ['scope.deny **/secrets/**']],
    [{ deny: ['Read'] }, ['scope.deny /**']],
    [{ permissions: { allow: ['Bash(ls)'] } }, ['commands.allow ls']],
    [
      { sandbox: { network: { allowedDomains: ['*.example.org', 'https://x.test'] } } },
      ['network.allow *.example.org'],
    ],
  ])('%j', (rules, becomes) => expect(lines(claude(rules))).toEqual(becomes));

  test('a leading slash in the user’s own settings means ~/.claude', () => {
    expect(lines(claude({ deny: ['Read(/keys/**)'] }, 'user'))).toEqual([
      'scope.deny ~/.claude/keys/**',
    ]);
  });

  test.each([
    'Bash',
    'Bash(*)',
    'Bash(git * main)',
    'Bash(npm run test*)',
    'Bash(* --version)',
    'Bash(echo "a b")',
    'Bash(FOO=1 npm test)',
    'Bash(a && b)',
    'Bash(git:* push)',
    'Write(src/**)',
    'Edit(!src)',
    'Edit(../x)',
    'Read(src/**)',
    'WebFetch(domain:example.org)',
    'WebSearch',
    'mcp__github__get_issue',
    'Task',
    '',
  ])('allow %s is left, and said', (rule) => {
    const { rules, left } = claude({ allow: [rule] });
    expect(rules).toEqual([]);
    expect(left).toHaveLength(1);
    expect(left[0]?.was).toBe(rule);
  });

  test('what forbids and cannot be said makes asking of what it could meet', () => {
    const found = claude({
      allow: ['Bash(git *)', 'Bash(npm test)', 'Bash(ls *)'],
      deny: ['Bash(git push*)'],
      ask: ['Bash(* --hard)'],
    });
    expect(lines(found)).toEqual([
      'commands.deny git push *',
      'commands.ask git *',
      'commands.allow npm test',
      'commands.ask ls *',
    ]);
    expect(found.left.map(({ was }) => was)).toEqual([
      'deny Bash(git push*)',
      'ask Bash(* --hard)',
    ]);
    expect(found.stricter.map(({ was }) => was)).toEqual(['Bash(git *)', 'Bash(ls *)']);
  });

  test('denying every command, every edit', () => {
    expect(lines(claude({ allow: ['Bash(ls)', 'Edit(src/**)'], deny: ['Bash', 'Edit'] }))).toEqual([
      'commands.ask ls',
    ]);
  });

  test('what may not be edited may not be read either, and that is said', () => {
    const { rules, stricter } = claude({ deny: ['Edit(docs/**)'] });
    expect(rules.map(({ list, text }) => `${list} ${text}`)).toEqual(['scope.deny **/docs/**']);
    expect(stricter).toHaveLength(1);
  });

  test.each([null, 1, 'x', [], { allow: 'x' }, { permissions: { allow: [1, null] } }])(
    '%j is nothing',
    (settings) => expect(claude(settings)).toEqual({ rules: [], left: [], stricter: [] }),
  );
});

describe('Codex', () => {
  test('prefix rules with alternatives', () => {
    const found = codex(`# ours
prefix_rule(
    pattern = ["git", ["push", 'fetch'], "origin"],  # comment
    decision = "prompt",
    match = [["git", "push", "origin"]],
)
prefix_rule(pattern=["ls"])
prefix_rule(pattern=["rm", "-rf"], decision="forbidden", justification="""no
way""")
`);
    expect(lines(found)).toEqual([
      'commands.ask git push origin *',
      'commands.ask git fetch origin *',
      'commands.allow ls *',
      'commands.deny rm -rf *',
    ]);
    expect(found.left).toEqual([]);
  });

  test('what is more than a call makes every allow ask', () => {
    const found = codex('x = ["ls"]\nprefix_rule(pattern=x)\nprefix_rule(pattern=["ls"])\n');
    expect(lines(found)).toEqual(['commands.ask ls *']);
    expect(found.left.length).toBeGreaterThan(0);
  });

  test.each([
    'prefix_rule(pattern=[])',
    'prefix_rule(pattern=["a"], decision="maybe")',
    'prefix_rule(pattern=["a" + "b"])',
    'def f():\n  pass',
    'prefix_rule(pattern=["bash", "-c", "rm x"], decision="forbidden")',
  ])('%s loosens nothing', (text) => {
    const { rules, left } = codex(`${text}\nprefix_rule(pattern=["bash"])\n`);
    expect(rules.filter(({ list }) => list === 'commands.allow')).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
  });

  test('a program by its path', () => {
    expect(codex('host_executable(name="git", paths=["/usr/bin/git"])').left).toHaveLength(1);
  });

  test('no text makes the reader throw or stand still', () => {
    const piece = fc.constantFrom(
      ...['prefix_rule', '(', ')', '[', ']', ',', '=', '"', "'", '"""', '\\', '\n', '#', 'a', ' '],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        readStarlarkCalls(parts.join(''));
        codex(parts.join(''));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('Gemini CLI', () => {
  test('prefixes, writers, conditions', () => {
    const found = gemini(`
[[rule]]
toolName = "run_shell_command"
commandPrefix = ["git status", "ls"]
decision = "allow"
priority = 10
[[rule]]
commandPrefix = "rm -rf"
decision = "deny"
[[rule]]
toolName = ["write_file", "replace"]
decision = "ask_user"
[[rule]]
toolName = "run_shell_command"
commandPrefix = "make"
decision = "allow"
modes = ["yolo"]
`);
    expect(lines(found)).toEqual([
      'commands.allow git status *',
      'commands.allow ls *',
      'commands.deny rm -rf *',
    ]);
    expect(found.left).toHaveLength(2);
  });

  test('a regular expression that denies makes every allow ask', () => {
    const found = gemini(`
[[rule]]
commandPrefix = "ls"
decision = "allow"
[[rule]]
commandRegex = "rm .*"
decision = "deny"
`);
    expect(lines(found)).toEqual(['commands.ask ls *']);
  });

  test.each([
    'decision = "allow"\ntoolName = "*"\nmcpName = "x"',
    'decision = "allow"\nargsPattern = "x"\ntoolName = "write_file"',
    'decision = "allow"\ntoolName = "run_shell_command"',
    'decision = "perhaps"\ntoolName = "run_shell_command"',
    'decision = "allow"\ntoolName = "web_fetch"',
    'decision = "allow"',
  ])('%s is left, and said', (body) => {
    const { rules, left } = gemini(`[[rule]]\n${body}\n`);
    expect(rules).toEqual([]);
    expect(left).toHaveLength(1);
  });
});

test('what comes out is a policy that holds, whatever went in', async () => {
  const rule = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `Bash(${text})`),
    fc.string({ maxLength: 12 }).map((text) => `Edit(${text})`),
    fc.string({ maxLength: 12 }).map((text) => `Read(${text})`),
    fc.string({ maxLength: 12 }),
  );
  const rules = fc.array(rule, { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(rules, rules, rules, async (allow, ask, deny) => {
      const text = importedPolicyText(claude({ allow, ask, deny }), ['standard input']);
      const parsed = await parsePolicy(text);
      if (Array.isArray(parsed)) throw new Error(`${JSON.stringify(parsed)}\n${text}`);
    }),
    { numRuns: 1_000 },
  );
});

test('patterns overlap as their meanings do', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', ' '), maxLength: 6 });
  const meaning = (one: string) => new RegExp(`^${one.replace(/\*+/g, '[ab ]*')}$`);
  fc.assert(
    fc.property(
      pattern,
      pattern,
      fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 5 }),
      (a, b, text) => {
        if (meaning(a).test(text) && meaning(b).test(text))
          expect(patternsOverlap(a, b)).toBe(true);
      },
    ),
    { numRuns: 3_000 },
  );
  expect(patternsOverlap('ab*', '*c')).toBe(true);
  expect(patternsOverlap('ab*', 'b*')).toBe(false);
  expect(patternsOverlap('', '*')).toBe(true);
  expect(patternsOverlap('a', '')).toBe(false);
});
