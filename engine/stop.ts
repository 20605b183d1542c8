const SAID = {
  cancelled: 'The run was cancelled',
  closing: 'Sluice is stopping',
  'run-timeout': 'The run took too long',
  'container-ended': 'The container around it has ended',
} as const;

/** Why running work is told to stop. */
export class Stop extends Error {
  override readonly name = 'AbortError';
  readonly why: keyof typeof SAID;

  constructor(why: Stop['why']) {
    super(SAID[why]);
    this.why = why;
  }
}

/** Whether running work has been told to stop. Its signal is made for whoever asks for one: most steps end without. */
export class Halt {
  private controller: AbortController | undefined;
  private told: { readonly reason: unknown } | undefined;

  get isTold(): boolean {
    return this.told !== undefined;
  }

  get reason(): unknown {
    return this.told?.reason;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.told) this.controller.abort(this.told.reason);
    }
    return this.controller.signal;
  }

  /** The first reason counts. */
  tell(reason: unknown): void {
    if (this.told) return;
    this.told = { reason };
    this.controller?.abort(reason);
  }

  throwIfTold(): void {
    if (this.told) throw this.told.reason;
  }
}
