import type { RunView } from '../spec/api/run.ts';
import type { StartedRun } from './index.ts';
import type { Response } from './journal.ts';

/**
 * Few who start a run ask how it ended, so that is told when they do. (A class: a getter in an object literal makes a hidden class for each
 * object, and those keep all that the getter sees until the next full collection.)
 */
export class Started implements StartedRun {
  readonly id: string;
  readonly isNew = true;
  readonly response: Promise<Response | undefined>;
  private readonly end: () => Promise<RunView>;

  constructor(id: string, response: Promise<Response | undefined>, end: () => Promise<RunView>) {
    this.id = id;
    this.response = response;
    this.end = end;
  }

  get finished(): Promise<RunView> {
    return this.end();
  }
}

/** A run that was there already. */
export class Repeated implements StartedRun {
  readonly id: string;
  readonly isNew = false;
  private readonly answer: () => Promise<Response | undefined>;
  private readonly end: () => Promise<RunView>;

  constructor(id: string, answer: () => Promise<Response | undefined>, end: () => Promise<RunView>) {
    this.id = id;
    this.answer = answer;
    this.end = end;
  }

  get response(): Promise<Response | undefined> {
    return this.answer();
  }

  get finished(): Promise<RunView> {
    return this.end();
  }
}
