import { type Benchmark, inMicroseconds, inMilliseconds, valueRow } from './measure.ts';
import { benchWorkflowValidation } from './workflow-validation.ts';

/** Milliseconds promised (DESIGN.md 2). */
const promised: Readonly<Record<string, number>> = {
  'validate 1,000 nodes': 10,
  'would an edge close a loop (it does not)': 0.1,
  'would an edge close a loop (it does)': 0.1,
};

export const validation: Benchmark = {
  name: 'validation',
  limit: 30,
  run: async ({ quick }) => {
    const rounds = Array.from({ length: quick ? 1 : 3 }, () => benchWorkflowValidation());
    return Object.keys(rounds[0] ?? {}).map((work) => {
      const limit = promised[work];
      const samples = rounds.map((round) => round[work] ?? Number.NaN);
      const inSmall = (samples[0] ?? 0) < 0.5;
      const scale = inSmall ? 1000 : 1;
      return valueRow({
        work,
        samples: work.endsWith('first time') ? samples.slice(0, 1) : samples.map((one) => one * scale),
        format: inSmall ? inMicroseconds : inMilliseconds,
        limit: limit === undefined ? undefined : { atMost: limit * scale },
      });
    });
  },
};
