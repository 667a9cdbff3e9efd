import { describe, expect, it } from 'vitest';
import { Findings } from './verdict.ts';

const facts = { size: 1_000, root: '', anchored: 0 };
const firstOf = (find: (findings: Findings) => void) => {
  const findings = new Findings();
  find(findings);
  return findings.verdict(facts).firstWrong;
};

describe('the first wrong entry', () => {
  it('is the least that is known, or none', () => {
    expect(firstOf(() => {})).toBe(null);
    expect(firstOf((f) => f.add('root.mismatch', null, ''))).toBe(null);
    expect(
      firstOf((f) => {
        f.add('entry.altered', 500, '');
        f.add('root.mismatch', 300, '');
        f.add('blob.missing', 700, '');
      }),
    ).toBe('E300');
  });

  it('is not the beginning of a tile in which it is known itself', () => {
    expect(
      firstOf((f) => {
        f.add('tree.forged', 256, '', 512);
        f.add('tree.forged', 0, '', 65_536);
        f.add('root.mismatch', 300, '');
      }),
    ).toBe('E300');
  });

  it('is the beginning of the narrowest tile where nothing more is known', () => {
    expect(
      firstOf((f) => {
        f.add('tree.forged', 0, '', 65_536);
        f.add('tree.forged', 512, '', 768);
        f.add('tree.forged', 256, '', 512);
      }),
    ).toBe('E256');
  });

  it('may lie in a tile before the first entry that is known', () => {
    expect(
      firstOf((f) => {
        f.add('tree.forged', 0, '', 256);
        f.add('entry.altered', 300, '');
      }),
    ).toBe('E0');
  });
});

describe('findings', () => {
  it('stay few enough to read, and forget nothing that counts', () => {
    const findings = new Findings();
    for (let seq = 500; seq < 900; seq++) findings.add('entry.altered', seq, `E${seq}`);
    findings.add('blob.missing', 3, 'E3');
    findings.checked('entries', 1_000, ['entry.altered']);
    findings.checked('blobs', 5, ['blob.missing']);
    findings.checked('roots', 1, ['root.mismatch']);
    const { problems, checks, firstWrong, ok } = findings.verdict(facts);
    expect(problems).toHaveLength(101);
    expect(checks.map((check) => check.ok)).toEqual([false, false, true]);
    expect(firstWrong).toBe('E3');
    expect(ok).toBe(false);
  });
});
