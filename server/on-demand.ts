/** What costs memory and time at every start and is seldom needed: it is made when it is first asked for. Failing, it is made anew for the next who asks. */
export class OnDemand<T> {
  private readonly make: () => Promise<T>;
  private made: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.make = make;
  }

  get(): Promise<T> {
    this.made ??= this.make().catch((error: unknown) => {
      this.made = undefined;
      throw error;
    });
    return this.made;
  }

  /** Hands over what has been made by now; nothing is made for it. */
  async close(end: (made: T) => Promise<void>): Promise<void> {
    await this.made?.then(end, () => {});
  }
}
