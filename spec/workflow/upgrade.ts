import { FORMAT } from './document.ts';
import type { Problem } from './problem.ts';
import { problem } from './problem-codes.ts';
import { isRecord } from './record.ts';

/** Turns a document of one format into one of the next, without its `format`. Pure; never sees any other format. */
export type FormatUpgrade = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/**
 * `formatUpgrades[n]` leads from `sluice/n` to `sluice/n+1`; there is one for every format before today's. Each is kept for good
 * with a fixture of what it was made for, and run on reading, so that all other code sees today's form only.
 */
export const formatUpgrades: Readonly<Record<number, FormatUpgrade>> = {};

/** Brings a document of an older format to today's. What is not a workflow document of an older format comes back as it is. */
export function upgradeDocument(document: unknown): unknown {
  return upgradeTo(document, numberOf(FORMAT) ?? 1, formatUpgrades);
}

/** `upgradeDocument` with the target format and the ladder given. */
export function upgradeTo(document: unknown, target: number, ladder: Readonly<Record<number, FormatUpgrade>>): unknown {
  if (!isRecord(document)) return document;
  const from = numberOf(document.format);
  if (from === undefined || from >= target) return document;
  let upgraded: Record<string, unknown> = document;
  for (let step = from; step < target; step++) {
    const upgrade = ladder[step];
    if (upgrade === undefined) return document;
    upgraded = { ...upgrade(upgraded), format: `sluice/${step + 1}` };
  }
  return upgraded;
}

/** What keeps a value from being read as a document of today's format, judged by its `format` alone. */
export function formatProblem(value: unknown): Problem | undefined {
  if (!isRecord(value)) {
    return problem('not-a-workflow', {
      message: 'This is not a workflow document.',
      remedy: 'Choose a workflow file in JSON format, such as one exported from the canvas.',
    });
  }
  if (value.format === FORMAT) return undefined;
  const number = numberOf(value.format);
  if (number !== undefined && number > (numberOf(FORMAT) ?? 1)) {
    return problem('newer-format', {
      message: `This workflow was made by a newer version of the program (format "sluice/${number}").`,
      remedy: 'Update the program, then open the workflow again.',
      path: ['format'],
    });
  }
  if (value.format !== undefined) {
    return problem('wrong-format', {
      message: 'The "format" of this document is not known here.',
      remedy: `Write "format": "${FORMAT}", or export the workflow again.`,
      path: ['format'],
    });
  }
  return problem('not-a-workflow', {
    message: 'This is not a workflow document: it does not say its "format".',
    remedy:
      isRecord(value.connections) && Array.isArray(value.nodes)
        ? 'It looks like a workflow of n8n, which cannot be read here. Build it anew, or choose a file that was exported here.'
        : `Choose a workflow file, or add "format": "${FORMAT}".`,
    path: ['format'],
  });
}

function numberOf(format: unknown): number | undefined {
  const match = typeof format === 'string' ? /^sluice\/([1-9]\d{0,5})$/.exec(format) : null;
  return match ? Number(match[1]) : undefined;
}
