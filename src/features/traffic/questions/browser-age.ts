/** A browser as its user agent names it. */
export interface Browser {
  family: 'Chrome' | 'Firefox' | 'Safari' | 'MSIE' | 'Opera' | 'other';
  version: number;
}

/** The browser an agent claims to be, or null. `agent` is no declared crawler's. */
export function browserOf(agent: string): Browser | null {
  const found =
    /\b(Firefox)\/(\d{1,3})/.exec(agent) ??
    /\b(MSIE) (\d{1,2})/.exec(agent) ??
    /\b(?:Chrome|CriOS)\/(\d{1,3})/.exec(agent);
  if (found !== null) {
    return found.length === 3
      ? { family: found[1] as Browser['family'], version: Number(found[2]) }
      : { family: 'Chrome', version: Number(found[1]) };
  }
  if (/^Opera\//.test(agent)) return { family: 'Opera', version: 0 };
  const safari = /Version\/(\d{1,2})[\d.]* (?:Mobile\/\w+ )?Safari/.exec(agent);
  if (safari !== null) return { family: 'Safari', version: Number(safari[1]) };
  return /^Mozilla\/[45]\.0 \(/.test(agent) ? { family: 'other', version: 0 } : null;
}

/** Year and fraction in which some versions came out; those between are interpolated. */
const RELEASES: Readonly<
  Partial<Record<Browser['family'], readonly (readonly [number, number])[]>>
> = {
  Chrome: [
    [1, 2008.7],
    [10, 2011.2],
    [20, 2012.5],
    [30, 2013.75],
    [40, 2015.05],
    [50, 2016.3],
    [60, 2017.55],
    [70, 2018.8],
    [80, 2020.1],
    [90, 2021.3],
    [100, 2022.25],
    [110, 2023.1],
    [120, 2023.95],
    [130, 2024.8],
    [140, 2025.7],
    [150, 2026.5],
  ],
  Firefox: [
    [1, 2004.85],
    [2, 2006.8],
    [3, 2008.45],
    [4, 2011.2],
    [10, 2012.1],
    [20, 2013.25],
    [30, 2014.45],
    [40, 2015.6],
    [50, 2016.85],
    [60, 2018.35],
    [70, 2019.8],
    [80, 2020.65],
    [90, 2021.55],
    [100, 2022.35],
    [110, 2023.1],
    [120, 2023.9],
    [130, 2024.7],
    [140, 2025.5],
    [150, 2026.3],
  ],
  MSIE: [
    [5, 1999.2],
    [6, 2001.6],
    [7, 2006.8],
    [8, 2009.2],
    [9, 2011.2],
    [10, 2012.8],
    [11, 2013.8],
  ],
};

/** How many years old a browser was at a time (milliseconds); null where that is not known. */
export function browserAge({ family, version }: Browser, time: number): number | null {
  const releases = RELEASES[family];
  if (releases === undefined || version < 1 || !Number.isFinite(time)) return null;
  const year = 1970 + time / 31_556_952_000;
  const after = releases.findIndex(([one]) => one >= version);
  if (after < 0) return 0;
  const [v2, y2] = releases[after] as readonly [number, number];
  const [v1, y1] = releases[after - 1] ?? [v2 - 1, y2];
  return year - (y1 + ((version - v1) / (v2 - v1)) * (y2 - y1));
}
