import { isRecord } from '../../spec/workflow/record.ts';
import { Mrkdwn } from './Mrkdwn.tsx';
import classes from './Slack.module.css';

/** One block of a message. Kinds that workflows do not send are named, so that nothing is left out in silence. */
export function MessageBlock({ block }: { block: unknown }) {
  if (!isRecord(block)) return null;
  switch (block.type) {
    case 'header':
      return <div className={classes.header}>{textIn(block.text)}</div>;
    case 'section':
      return (
        <div className={classes.block}>
          {block.text !== undefined && <TextObject value={block.text} />}
          {Array.isArray(block.fields) && (
            <div className={classes.fields}>
              {block.fields.map((field, position) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a message that was sent never changes
                <TextObject key={position} value={field} />
              ))}
            </div>
          )}
        </div>
      );
    case 'markdown':
      return (
        <div className={classes.block}>
          <span className={classes.text}>{textIn(block)}</span>
        </div>
      );
    case 'context':
      return (
        <div className={classes.context}>
          {listIn(block.elements).map((element, position) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <TextObject key={position} value={element} />
          ))}
        </div>
      );
    case 'divider':
      return <hr className={classes.divider} />;
    case 'table':
      return <TableBlock rows={listIn(block.rows)} />;
    case 'rich_text':
      return (
        <div className={classes.block}>
          <span className={classes.text}>{richText(block)}</span>
        </div>
      );
    case 'image':
      return <div className={classes.context}>Picture: {String(block.alt_text ?? '')}</div>;
    case 'actions':
      return (
        <div className={classes.context}>
          {listIn(block.elements).map((element, position) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={position} className={classes.button}>
              {isRecord(element) ? textIn(element.text) : ''}
            </span>
          ))}
        </div>
      );
    default:
      return <div className={classes.context}>Block of the kind “{String(block.type)}”</div>;
  }
}

function TableBlock({ rows }: { rows: readonly unknown[] }) {
  const [head, ...body] = rows.map(listIn);
  return (
    <div className={classes.tableFrame}>
      <table className={classes.table}>
        <thead>
          <tr>
            {head?.map((cell, position) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <th key={position}>{richText(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, position) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <tr key={position}>
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <td key={place}>{richText(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TextObject({ value }: { value: unknown }) {
  if (!isRecord(value)) return null;
  if (value.type === 'mrkdwn') return <Mrkdwn text={textIn(value)} />;
  return <span className={classes.text}>{textIn(value)}</span>;
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textIn(value: unknown): string {
  return isRecord(value) && typeof value.text === 'string' ? value.text : '';
}

/** The words of a rich text, whose elements hold elements; styles are left out. */
function richText(value: unknown): string {
  if (!isRecord(value)) return '';
  if (Array.isArray(value.elements)) {
    const parts = value.elements.map(richText);
    return value.type === 'rich_text_list' ? parts.map((part) => `• ${part}`).join('\n') : parts.join('');
  }
  if (typeof value.text === 'string') return value.text;
  if (typeof value.url === 'string') return value.url;
  return typeof value.name === 'string' ? `:${value.name}:` : '';
}
