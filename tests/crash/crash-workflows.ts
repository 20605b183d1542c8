import type { Workflow } from '../../spec/workflow/document.ts';
import { workflow } from '../engine-world.ts';

/** Records that each run of `effects` begins with: `n` from 0 on. */
export const RECORDS = 6;
/** Records of the datasets that `spill` writes to disk, 1.6 KB each; so many that the workshop works on them. */
export const SPILLED = 6000;

/** Characters of what the service answers to a call of `answers`: all of a run are more than stand in its journal. */
export const ANSWER = 150_000;

function named(id: string, { document }: { document: Workflow }, more: Partial<Workflow> = {}): Workflow {
  return { ...document, id, name: id, ...more };
}

/** Reads, repeatable writes and `once` calls, a wait, a retry, a container and what is remembered, each call counted by the service at `url`. */
export function effects(url: string): Workflow {
  const at = (node: string) => `=${url}/${node}/{{ $json.run }}/{{ $json.n }}`;
  return named(
    'effects',
    workflow(
      {
        start: ['manual'],
        mark: ['set-fields', { fields: { run: '={{ $run.id }}', since: '={{ $run.watermark }}' } }],
        fresh: ['dedupe', { by: ['run', 'n'], across: 'workflow' }],
        look: [
          'http.request',
          { url: at('look') },
          { retry: { attempts: 3, backoff: 'fixed', delay: '20ms', maxDelay: '1s' } },
        ],
        seen: ['set-fields', { fields: { seen: true } }],
        put: ['http.request', { method: 'PUT', url: at('put'), body: 'json' }],
        odd: ['if', { conditions: { all: [{ left: '={{ $json.n % 2 }}', is: 'equals', right: 1 }] } }],
        post: ['http.request', { method: 'POST', url: at('post'), body: 'json' }],
        nap: ['wait', { for: '20ms' }],
        loop: ['for-each', { batchSize: 2, parallel: 2 }],
        rest: ['wait', { for: '5ms' }, { parent: 'loop' }],
        tell: ['http.request', { method: 'POST', url: at('tell'), body: 'json' }, { parent: 'loop' }],
        end: ['no-op', {}],
      },
      [
        'start -> mark',
        'mark -> fresh',
        'fresh -> look',
        'look -> seen',
        'seen -> put',
        'put -> odd',
        'odd.true -> post',
        'post -> nap',
        'nap -> end',
        'odd.false -> end',
        'mark -> loop',
        'rest -> tell',
        'loop -> end',
      ],
    ),
  );
}

/** A webhook whose run spills datasets, inside a container too, reads the last one whole and tells count and sum of it. */
export function spill(url: string): Workflow {
  return named(
    'spill',
    workflow(
      {
        hook: ['webhook', { path: 'spill' }],
        make: ['generate', { count: SPILLED, fields: { n: '={{ $index }}', text: "={{ 'x'.repeat(1600) }}" } }],
        loop: ['for-each', { batchSize: SPILLED / 2 }],
        pass: ['no-op', {}, { parent: 'loop' }],
        fold: [
          'aggregate',
          {
            measures: [
              { as: 'count', fn: 'count' },
              { as: 'sum', of: 'n', fn: 'sum' },
            ],
          },
        ],
        report: ['http.request', { method: 'PUT', url: `=${url}/report/{{ $run.id }}/0`, body: 'json' }],
      },
      ['hook -> make', 'make -> loop', 'loop -> fold', 'fold -> report'],
    ),
  );
}

/**
 * `once` calls whose answers are so large that most are kept in a blob, and then what came of them: how many, the sum of their numbers
 * and of the lengths of their texts.
 */
export function answers(url: string): Workflow {
  return named(
    'answers',
    workflow(
      {
        start: ['manual'],
        mark: ['set-fields', { fields: { run: '={{ $run.id }}' } }],
        ask: [
          'http.request',
          { method: 'POST', url: `=${url}/ask/{{ $json.run }}/{{ $json.n }}`, body: 'json', parallel: 2 },
        ],
        size: [
          'set-fields',
          { fields: { n: '={{ $json.n }}', size: "={{ ($json.text ?? '').length }}" }, keep: 'none' },
        ],
        fold: [
          'aggregate',
          {
            measures: [
              { as: 'count', fn: 'count' },
              { as: 'sum', of: 'n', fn: 'sum' },
              { as: 'size', of: 'size', fn: 'sum' },
            ],
          },
        ],
        told: ['http.request', { method: 'PUT', url: `=${url}/told/{{ $run.id }}/0`, body: 'json' }],
      },
      ['start -> mark', 'mark -> ask', 'ask -> size', 'size -> fold', 'fold -> told'],
    ),
  );
}

/** Answers with the number that was published with it. */
export function numbered(n: number): Workflow {
  return named(
    'numbered',
    workflow(
      {
        hook: ['webhook', { path: 'numbered', respond: 'when-finished' }],
        tell: ['set-fields', { fields: { n }, keep: 'none' }],
      },
      ['hook -> tell'],
    ),
  );
}

/** A webhook that answers at once, as a burst of events meets it. */
export function burst(): Workflow {
  return named(
    'burst',
    workflow(
      {
        hook: ['webhook', { path: 'burst' }],
        keep: ['set-fields', { fields: { n: '={{ $json.body.n }}' }, keep: 'none' }],
      },
      ['hook -> keep'],
    ),
  );
}

/** Waits until it is called, or cancelled. */
export function holding(): Workflow {
  return named('holding', workflow({ start: ['manual'], hold: ['wait', { callback: {} }] }, ['start -> hold']));
}

/** Kept only where it fails, and accepted all the same. */
export function unsaved(): Workflow {
  return named('unsaved', workflow({ hook: ['webhook', { path: 'unsaved' }], end: ['no-op', {}] }, ['hook -> end']), {
    settings: { saveRuns: 'failed' },
  });
}
