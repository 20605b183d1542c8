/** Longest stretch of work of loops between two turns of the event loop, in milliseconds. */
const STRETCH = 2;
/** What a loop may work for in any turn, however long others have worked in it: a short one is done before it would have paused. */
const OWN = 0.5;
/** How long they rest then while a caller waits, unless all callers have their answers before. */
const REST = 4;

/** Milliseconds in which a caller goes before long loops. Whoever waits for longer takes turns with them. */
const PATIENCE = 250;

/** Callers that wait for an answer, the first one first. */
const callers = new Set<{ readonly since: number }>();

/** Loops that have paused before wait here, in order; the others go on in the next turn of the event loop. */
const long: (() => void)[] = [];
const short: (() => void)[] = [];

/** When this turn of the event loop began for the loops. */
let began: number | undefined;
let rest: NodeJS.Timeout | undefined;

function startOfTurn(): number {
  if (began === undefined) {
    began = performance.now();
    setImmediate(nextTurn);
  }
  return began;
}

function nextTurn(): void {
  began = undefined;
  for (const goOn of short.splice(0)) goOn();
  if (long.length === 0) return;
  if (isCallerWaiting()) rest ??= setTimeout(letLongOn, REST);
  else letLongOn();
}

/** One loop a turn: were all let on at once, a caller would wait for one step of each of them. */
function letLongOn(): void {
  clearTimeout(rest);
  rest = undefined;
  long.shift()?.();
  if (long.length > 0) startOfTurn();
}

function isCallerWaiting(): boolean {
  const longest = performance.now() - PATIENCE;
  for (const caller of callers) {
    if (caller.since > longest) return true;
    callers.delete(caller);
  }
  return false;
}

/**
 * Lets a caller go before long loops until it has its answer: call what is given when it has. Long loops rest meanwhile, but never for
 * more than `REST` after a stretch, however many callers there are.
 */
export function goFirst(): () => void {
  const caller = { since: performance.now() };
  callers.add(caller);
  return () => {
    if (callers.delete(caller) && callers.size === 0 && rest !== undefined) letLongOn();
  };
}

/** Calls of `due` between two looks at the clock, at the most; fewer where they take longer than these milliseconds. */
const UNSEEN = 32;
const UNSEEN_TIME = 0.5;

/** Keeps a long loop from holding the event loop: `if (breath.due()) await breath.pause();` for each record. */
export class Breath {
  #every = 1;
  #left = 1;
  #looked = 0;
  #isLong = false;
  #since = performance.now();

  due(): boolean {
    if (--this.#left > 0) return false;
    const now = performance.now();
    this.#every = now - this.#looked > UNSEEN_TIME ? 1 : Math.min(this.#every * 2, UNSEEN);
    this.#left = this.#every;
    this.#looked = now;
    return this.isSpent;
  }

  /** The same for each batch: looks at the clock every time. */
  get isSpent(): boolean {
    const now = performance.now();
    return now - startOfTurn() > STRETCH && now - this.#since > OWN;
  }

  pause(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        this.#since = performance.now();
        resolve();
      };
      (this.#isLong ? long : short).push(goOn);
      this.#isLong = true;
      startOfTurn();
    });
  }
}
