import { Text } from '@mantine/core';
import type { ColumnProfile } from '../../spec/api/profile.ts';
import classes from './ColumnSummary.module.css';
import { cellOf } from './cell.ts';
import { distinctWords, kindsOf, shareOf } from './column-words.ts';
import { formatCount } from './format.ts';

/** What the values of a column are like. */
export function ColumnSummary({ column, total }: { column: ColumnProfile; total: number }) {
  const { numbers, texts, nulls, missing, distinct, top } = column;
  const most = top[0]?.count ?? 0;
  return (
    <div className={classes.summary}>
      <Text fw={600} size="sm" className={classes.name ?? ''}>
        {column.name}
      </Text>
      <dl className={classes.facts}>
        <Fact name="Kind">{kindsOf(column)}</Fact>
        {nulls > 0 && <Fact name="Empty">{countAndShare(nulls, total)}</Fact>}
        {missing > 0 && <Fact name="Not there">{countAndShare(missing, total)}</Fact>}
        <Fact name="Different">{distinctWords(column)}</Fact>
        {numbers && <Fact name="Least">{String(numbers.min)}</Fact>}
        {numbers && <Fact name="Most">{String(numbers.max)}</Fact>}
        {texts && <Fact name="First">{texts.first === '' ? 'empty text' : texts.first}</Fact>}
        {texts && <Fact name="Last">{texts.last === '' ? 'empty text' : texts.last}</Fact>}
        {texts && (
          <Fact name="Length">
            {texts.shortest === texts.longest
              ? formatCount(texts.longest)
              : `${formatCount(texts.shortest)} to ${formatCount(texts.longest)}`}
          </Fact>
        )}
        {texts && texts.empty > 0 && <Fact name="Empty texts">{countAndShare(texts.empty, total)}</Fact>}
      </dl>
      {top.length > 0 && most > 1 && (
        <>
          <Text size="xs" c="dimmed" mt={8} mb={2}>
            {distinct.isExact ? 'Most frequent' : 'Most frequent, at least so often'}
          </Text>
          <ol className={classes.top}>
            {top.slice(0, 6).map(({ value, count }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes its order
              <li key={place} className={classes.value}>
                <span className={classes.bar} style={{ width: `${(count / most) * 100}%` }} aria-hidden />
                <span className={classes.text}>{cellOf(value).text}</span>
                <span className={classes.count}>{formatCount(count)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd title={children.length > 24 ? children : undefined}>{children}</dd>
    </div>
  );
}

function countAndShare(count: number, total: number): string {
  return `${formatCount(count)} (${shareOf(count, total)})`;
}
