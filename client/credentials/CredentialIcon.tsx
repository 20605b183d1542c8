import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';

interface Props {
  /** Kind of credential. */
  readonly type: string;
  readonly connector: string | undefined;
  readonly size?: number;
}

/** Databases share a connector, but each has a mark of its own; so have webhooks among the triggers. */
export function CredentialIcon({ type, connector, size = 20 }: Props) {
  const mark = connector === undefined || connector === 'sql' ? type : connector;
  return <ConnectorIcon connector={mark} type={type.startsWith('webhook') ? 'webhook' : type} size={size} />;
}
