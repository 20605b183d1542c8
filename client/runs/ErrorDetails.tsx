import type { RunView } from '../../spec/api/run.ts';
import classes from './ErrorDetails.module.css';

/** The service's own words and the technical side, folded. */
export function ErrorDetails({ error }: { error: Omit<NonNullable<RunView['error']>, 'node'> }) {
  const { details } = error;
  const text = typeof details === 'string' ? details : details === undefined ? '' : JSON.stringify(details, null, 2);
  return (
    <details className={classes.fold}>
      <summary>Details</summary>
      <dl className={classes.list}>
        <dt>Code</dt>
        <dd>
          <code>{error.code}</code>
        </dd>
        <dt>Kind</dt>
        <dd>{kinds[error.class] ?? error.class}</dd>
      </dl>
      {text !== '' && <pre className={classes.text}>{text}</pre>}
    </details>
  );
}

const kinds: Readonly<Record<string, string>> = {
  transient: 'May pass by itself, so trying again can help',
  'rate-limited': 'The service asked to slow down',
  auth: 'The credential was refused',
  'bad-data': 'A record cannot be accepted as it is',
  'not-found': 'Something is not there',
  config: 'The step is set up wrongly',
  uncertain: 'It may or may not have taken effect',
  timeout: 'It took too long',
  cancelled: 'Somebody cancelled it',
  interrupted: 'The server stopped meanwhile',
  internal: 'A fault of the step itself',
};
