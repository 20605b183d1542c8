import { describe, expect, it } from 'vitest';
import { FORMAT } from './document.ts';
import { type FormatUpgrade, formatUpgrades, upgradeDocument, upgradeTo } from './upgrade.ts';

const ladder: Readonly<Record<number, FormatUpgrade>> = {
  1: ({ title, ...rest }) => ({ ...rest, name: title }),
  2: ({ name, ...rest }) => ({ ...rest, names: [name] }),
};

describe('format upgrades', () => {
  it('are applied one after the other up to the format of today', () => {
    const old = { format: 'sluice/1', title: 'N', nodes: [] };
    expect(upgradeTo(old, 3, ladder)).toEqual({ format: 'sluice/3', names: ['N'], nodes: [] });
    expect(upgradeTo({ format: 'sluice/2', name: 'N' }, 3, ladder)).toEqual({ format: 'sluice/3', names: ['N'] });
    expect(old).toEqual({ format: 'sluice/1', title: 'N', nodes: [] });
  });

  it('leave alone what is of today, newer, or no workflow, or cannot be brought all the way', () => {
    for (const value of [{ format: 'sluice/3' }, { format: 'sluice/4' }, { format: 'x' }, {}, null, 'text', []]) {
      expect(upgradeTo(value, 3, ladder)).toBe(value);
    }
    const stranded = { format: 'sluice/1' };
    expect(upgradeTo(stranded, 4, ladder)).toBe(stranded);
  });

  it('exist for every format before the one of today', () => {
    const today = Number(FORMAT.split('/')[1]);
    expect(Object.keys(formatUpgrades).map(Number)).toEqual(Array.from({ length: today - 1 }, (_, i) => i + 1));
    expect(upgradeDocument({ format: FORMAT })).toEqual({ format: FORMAT });
  });
});
