import { NodeError } from '../sdk/index.ts';
import type { Workflow } from '../spec/workflow/document.ts';

export function noTrigger(document: Workflow): NodeError {
  return new NodeError({
    class: 'config',
    code: 'no-trigger',
    message: `"${document.name}" has no trigger that is switched on, so nothing can start it.`,
    remedy: 'Add a trigger, such as "Run by hand", and connect it to the first step.',
  });
}

export function runNotFound(id: string): NodeError {
  return new NodeError({
    class: 'not-found',
    code: 'run-not-found',
    message: `There is no run ${id}.`,
    remedy: 'It may have been removed by the retention setting of its workflow.',
  });
}

export function stopping(): NodeError {
  return new NodeError({
    class: 'transient',
    code: 'stopping',
    message: 'Sluice is stopping and takes no new runs.',
    remedy: 'Try again when it is up.',
  });
}

export function tooDeep(workflowId: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'workflows-too-deep',
    message: `Workflows have called one another more than 20 times in a row, the last one "${workflowId}".`,
    remedy:
      'A workflow probably calls itself, directly or through another one. To repeat steps, use a "Repeat until" container.',
  });
}

export function notPublished(workflowId: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'workflow-not-published',
    message: `The workflow "${workflowId}" is not published, so it cannot be run from another one.`,
    remedy: 'Publish it, or choose another workflow.',
  });
}
