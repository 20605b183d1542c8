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
