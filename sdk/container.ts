import type { z } from 'zod';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type ErrorReport, errorFrom, NodeError } from './errors.ts';
import { defineNode, type NodeDeclaration, type NodeDefinition, type StepIO } from './node.ts';
import type { Origins } from './origins.ts';

/** What a round gave, or is given. Origins speak of the container's input. */
export interface RoundRecords {
  readonly count: number;
  recordAt(position: number): DataRecord | undefined;
  batches(): Iterable<{ readonly records: readonly DataRecord[]; readonly origins: Origins }>;
}

export interface RoundEnd {
  readonly round: number;
  readonly given: RoundRecords;
  readonly status: 'succeeded' | 'failed';
  /** What the steps gave that nothing follows, in document order; empty for a failed round. */
  readonly results: RoundRecords;
  readonly error?: ErrorReport;
}

/** Why a container fails with one of its rounds. */
export function roundFailure({ round, error }: RoundEnd): NodeError {
  const known: ErrorReport = error ?? {
    class: 'internal',
    code: 'internal',
    message: 'no reason given',
    remedy: 'Try again.',
  };
  const { class: kind } = errorFrom(known);
  return new NodeError({ ...known, class: kind, message: `Round ${round + 1} failed: ${known.message}` });
}

/** The rounds of what is inside a container. They are numbered from 0; one that has ended is never done again. */
export interface Rounds {
  /** The first round whose results have not been stored: start here, also after a crash or a wait. */
  readonly first: number;
  /** Rounds that were started and whose end has not been taken. */
  readonly open: number;
  /** Says how many rounds there will be, for the run view. */
  expect(total: number): void;
  /** Starts a round over some of the container's input records, or over what another round gave. */
  start(round: number, given: { readonly start: number; readonly count: number } | RoundRecords): void;
  /** The next end of a round that was started, as they come. When all that is left waits, the container itself is put to sleep here. */
  ended(): Promise<RoundEnd>;
  /** Nothing is needed any more of the rounds before `round`, and what came of them has been emitted: they may be forgotten. */
  emitted(round: number): Promise<void>;
}

export interface ContainerIO<P> extends StepIO<P> {
  readonly rounds: Rounds;
}

/**
 * Declares a container: a node that does what stands inside it in rounds. It starts again from the top after a crash or a wait.
 * `cutBy` names the parameters that decide what each round is given: where one differs, a restart has no use for earlier rounds.
 */
export function defineContainer<S extends z.ZodObject>(
  rest: NodeDeclaration<S, unknown>,
  cutBy: readonly (keyof z.output<S> & string)[],
  act: (io: ContainerIO<z.output<S>>) => Promise<void>,
): NodeDefinition<S> {
  const runner = { run: (io: StepIO<z.output<S>>) => act(io as ContainerIO<z.output<S>>) };
  return { ...defineNode(rest, runner), container: { cutBy } };
}
