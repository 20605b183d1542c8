import type { RunControl } from '../canvas/use-run-control.ts';

interface Props {
  readonly node: string;
  readonly field?: string | undefined;
  readonly control: RunControl;
}

export function NodePanel(_: Props) {
  return null;
}
