import type { Problem } from './problem.ts';

/** What a code means and what to do, for its page `docs/errors/<code>.md`. */
export interface ProblemPage {
  readonly title: string;
  readonly stage: Problem['stage'];
  readonly means: string;
  readonly remedy: string;
}

/** Every code that `validate()` and the readers of workflow files can give. */
export const problemPages = {
  'not-json': {
    title: 'The file is not JSON',
    stage: 'structure',
    means:
      'A workflow file is text in the JSON format, and this one breaks its rules at the line and column that are shown: often a missing comma or quote, or the marks that a Git merge leaves behind.',
    remedy:
      'Go to that line and column and correct the text, or take an earlier version of the file. Exporting from the canvas always gives a correct file.',
  },
  'not-a-workflow': {
    title: 'This is not a workflow',
    stage: 'structure',
    means: 'What was given is not a workflow document: it does not begin with `"format": "sluice/1"`.',
    remedy: 'Choose a file that was exported from here. Files of other programs, such as n8n, cannot be read yet.',
  },
  'wrong-format': {
    title: 'The format is not known',
    stage: 'structure',
    means: 'The `format` of the document is not one that this program reads.',
    remedy: 'Write `"format": "sluice/1"`, or export the workflow again.',
  },
  'newer-format': {
    title: 'The workflow was made by a newer program',
    stage: 'structure',
    means: 'The document is in a later format than this program knows, so parts of it could be misunderstood.',
    remedy: 'Update this program and open the workflow again. The document itself has not been changed.',
  },
  malformed: {
    title: 'A part of the document has the wrong form',
    stage: 'structure',
    means:
      'Something that every workflow must have is missing, has the wrong kind of value, or bears a name that is not known.',
    remedy:
      'Correct the part that is named. In an editor, the published JSON Schema (`spec/workflow/workflow.schema.json`) shows what is allowed at each place.',
  },
  'duplicate-node-id': {
    title: 'Two nodes have the same id',
    stage: 'structure',
    means: 'Edges and expressions refer to nodes by id, so each id may be used only once.',
    remedy: 'Give one of the nodes another id, and let the edges that belong to it name the new id.',
  },
  cycle: {
    title: 'Nodes go round in a loop',
    stage: 'structure',
    means: 'Each node of the loop waits for the one before it, so none of them could ever start.',
    remedy:
      'Remove one of the edges of the loop. To do something repeatedly, put the nodes into a "For each" or "Repeat until" container.',
  },
  'dangling-edge': {
    title: 'An edge leads to a node that does not exist',
    stage: 'structure',
    means: 'One end of the edge names a node that is not in the workflow, perhaps because it was deleted.',
    remedy: 'Remove the edge, or let it name an existing node.',
  },
  'unknown-container': {
    title: 'A node stands in a container that does not exist',
    stage: 'structure',
    means: 'The `parent` of the node names a node that is not in the workflow.',
    remedy: 'Move the node out of the container, or into one that exists.',
  },
  'not-a-container': {
    title: 'A node stands inside one that holds no others',
    stage: 'structure',
    means: 'Only containers, such as "For each" and "Repeat until", can hold other nodes.',
    remedy: 'Move the node out, and connect it with an edge instead.',
  },
  'edge-crosses-container': {
    title: 'An edge crosses the border of a container',
    stage: 'structure',
    means:
      'What is inside a container runs once for each round, what is outside runs once. Records go in and out through the container itself.',
    remedy: 'Connect the outer node with the container. Inside, nodes without an incoming edge receive what comes in.',
  },
  'container-cycle': {
    title: 'Containers stand inside each other',
    stage: 'structure',
    means: 'A container cannot be inside itself, also not by way of others.',
    remedy: 'Move one of the containers out.',
  },
  'trigger-in-container': {
    title: 'A trigger stands in a container',
    stage: 'structure',
    means: 'A trigger starts the whole workflow, so it cannot be part of something that is repeated.',
    remedy: 'Move the trigger out of the container.',
  },
  'empty-container': {
    title: 'A container is empty',
    stage: 'unfinished',
    means: 'The container repeats the nodes inside it, and there are none.',
    remedy: 'Put nodes into the container, or delete it.',
  },
  'unknown-port': {
    title: 'An edge uses an output or input that the node does not have',
    stage: 'unfinished',
    means: 'The edge names an output or input that the node, with its present settings, does not have.',
    remedy: 'Connect the edge to one of the outputs or inputs that the message lists.',
  },
  'missing-input': {
    title: 'Nothing is connected to an input',
    stage: 'unfinished',
    means:
      'The node brings the records of several inputs together, such as the left and the right side of a join, and no edge leads into one of them.',
    remedy:
      'Draw an edge into the input that the message names. Where two edges lead into the same input, move one of them.',
  },
  'edge-into-trigger': {
    title: 'An edge leads into a trigger',
    stage: 'unfinished',
    means: 'A trigger starts the workflow, so nothing can come before it.',
    remedy: 'Remove the edge. To start another workflow from here, use "Run a workflow".',
  },
  'duplicate-edge': {
    title: 'The same edge is there twice',
    stage: 'unfinished',
    means: 'Two edges join the same output with the same input, so each record would arrive twice.',
    remedy: 'Remove one of the two.',
  },
  'two-writers': {
    title: 'Two edges lead into an input that takes one',
    stage: 'unfinished',
    means: 'This input takes the records of one node only, such as the left side of a join.',
    remedy: 'Remove one of the edges, or bring the records together with a "Merge" node first.',
  },
  'unknown-type': {
    title: 'The kind of node is not known',
    stage: 'unfinished',
    means: 'There is no node type of this name here. It may be misspelt, or belong to a package that is not installed.',
    remedy: 'Choose another node, install the package that it comes from, or disable the node.',
  },
  'unknown-version': {
    title: 'This version of the node is not known',
    stage: 'unfinished',
    means: 'The node was saved with a version of its type that is not installed here.',
    remedy:
      'Update the program or the node package. If the node is older, open and save the workflow once: its settings are then brought up to date.',
  },
  'missing-parameter': {
    title: 'A setting is missing',
    stage: 'unfinished',
    means: 'The node cannot work without this setting.',
    remedy: 'Open the node and fill in the setting.',
  },
  'bad-parameter': {
    title: 'A setting has a value that does not fit',
    stage: 'unfinished',
    means: 'The value is of the wrong kind, too small, too large, or not one of the choices.',
    remedy: 'Open the node and correct the setting, as the message says.',
  },
  'unknown-parameter': {
    title: 'A setting is not known',
    stage: 'unfinished',
    means: 'The node has no setting of this name; it would be ignored in silence, which could hide a misspelling.',
    remedy: 'Correct the name, or remove the setting.',
  },
  'bad-expression': {
    title: 'An expression cannot be read',
    stage: 'unfinished',
    means: 'The text between `{{` and `}}` is not a correct expression.',
    remedy:
      'Correct the expression at the place that is marked. A text that begins with `=` is read as containing expressions.',
  },
  'expression-reads-unknown-node': {
    title: 'An expression or SQL reads a node that does not exist',
    stage: 'unfinished',
    means:
      "The name in `$('...')`, or a table in SQL over earlier steps, is neither the name nor the id of a node in this workflow.",
    remedy: 'Choose the column again from the list of earlier nodes.',
  },
  'expression-reads-non-upstream': {
    title: 'An expression or SQL reads a node that does not come before it',
    stage: 'unfinished',
    means: 'Only nodes whose edges lead to this one are sure to have finished when it runs.',
    remedy: 'Read from an earlier node, or draw an edge so that the other one comes first.',
  },
  'ambiguous-node-name': {
    title: 'An expression names a node, and several have that name',
    stage: 'unfinished',
    means: "Two or more nodes share the name that is used in `$('...')`, so it is not clear which one is meant.",
    remedy: 'Rename one of the nodes, or use the id of the node in the expression.',
  },
  'step-scope-reads-record': {
    title: 'A setting that counts for all records reads a single record',
    stage: 'unfinished',
    means: 'This setting is worked out once, before the records arrive, so it cannot use `$json` or `$itemIndex`.',
    remedy:
      "Use a fixed value, a variable (`$vars`), or a value of an earlier node such as `$('Node').first().column`.",
  },
  'missing-credential': {
    title: 'No credential is chosen',
    stage: 'unfinished',
    means: 'The node connects with a service and needs to know with which account.',
    remedy: 'Open the node and choose a credential, or make a new one.',
  },
  'unknown-credential': {
    title: 'The credential does not exist',
    stage: 'unfinished',
    means: 'The node names a credential that is not on this server. Credentials never travel with a workflow file.',
    remedy: 'Choose another credential, or make one with this id.',
  },
  'wrong-credential-type': {
    title: 'The credential is for another service',
    stage: 'unfinished',
    means: 'The chosen credential is of a kind that this node cannot connect with.',
    remedy: 'Choose a credential of a kind that the message lists.',
  },
  'unreachable-node': {
    title: 'A node is never reached',
    stage: 'unfinished',
    means: 'No path of edges leads from a trigger to the node, so it would never run.',
    remedy: 'Connect it with the node that should come before it, disable it, or delete it.',
  },
  'no-trigger': {
    title: 'Nothing starts the workflow',
    stage: 'unfinished',
    means:
      'A workflow begins with a trigger, such as "Start by hand", a schedule or a webhook, and none is there or all are disabled.',
    remedy: 'Add a trigger and connect it with the first node.',
  },
  'unbounded-repeat': {
    title: 'A repetition has no end',
    stage: 'unfinished',
    means:
      'A container that repeats until something is true must also have a greatest number of rounds, since it may never become true.',
    remedy: 'Fill in the greatest number of rounds.',
  },
  'bad-timezone': {
    title: 'The time zone is not known',
    stage: 'unfinished',
    means: 'The name is not one of the time zones of the IANA list.',
    remedy: 'Choose a zone by region and city, such as `Europe/Berlin`.',
  },
  'bad-schedule': {
    title: 'The schedule cannot be read',
    stage: 'unfinished',
    means:
      'The text is neither a schedule in words nor a cron pattern of five fields (minute, hour, day, month, weekday), or it never comes due.',
    remedy: 'Write it like "weekdays at 8:00" or "15 minutes", or as a cron pattern such as `0 8 * * 1-5`.',
  },
  'unknown-workflow': {
    title: 'The workflow to run does not exist',
    stage: 'unfinished',
    means: 'The node runs another workflow, and there is none with this id.',
    remedy: 'Choose an existing workflow.',
  },
  'duplicate-case': {
    title: 'Two outputs have the same name',
    stage: 'unfinished',
    means: 'Each case is an output of its own, so each needs a name of its own.',
    remedy: 'Rename one of the cases.',
  },
  'bad-condition': {
    title: 'A condition is incomplete or does not fit',
    stage: 'unfinished',
    means: 'A condition compares a left value with a right one. A part is missing, or cannot be compared in this way.',
    remedy: 'Open the node and complete the condition.',
  },
  'bad-pattern': {
    title: 'A pattern cannot be used',
    stage: 'unfinished',
    means:
      'The regular expression is not correct, or uses something that cannot be matched in bounded time, such as looking ahead.',
    remedy: 'Correct the pattern, or use "contains", "starts with" or "ends with".',
  },
  'duplicate-webhook-path': {
    title: 'Two webhooks listen at the same address',
    stage: 'unfinished',
    means: 'A call to this address would have to start two triggers of the workflow.',
    remedy: 'Give one of the webhooks another path or another method.',
  },
} as const satisfies Record<string, ProblemPage>;

export type ProblemCode = keyof typeof problemPages;

/** A problem with the stage of its code. */
export function problem(
  code: ProblemCode,
  details: { message: string; remedy: string; nodeIds?: readonly string[]; path?: readonly (string | number)[] },
): Problem {
  return {
    code,
    message: details.message,
    remedy: details.remedy,
    nodeIds: details.nodeIds ?? [],
    path: details.path ?? [],
    stage: problemPages[code].stage,
  };
}
