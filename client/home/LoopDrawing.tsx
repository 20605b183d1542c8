import { IconArrowBackUp, IconArrowRight } from '@tabler/icons-react';
import classes from './LoopDrawing.module.css';

/** The steps of a loop in their order; the last leads back to the first. */
export function LoopDrawing({ names }: { names: readonly string[] }) {
  const [first] = names;
  return (
    <div className={classes.loop}>
      {names.map((name, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and their order is what is shown
        <span key={position} className={classes.part}>
          <span className={classes.step}>{name}</span>
          <span className="visually-hidden">
            {position < names.length - 1 ? ' leads to ' : ` leads back to ${first}`}
          </span>
          {position < names.length - 1 && <IconArrowRight size={15} aria-hidden />}
        </span>
      ))}
      <span className={classes.back} aria-hidden>
        <IconArrowBackUp size={15} />
        back to {first}
      </span>
    </div>
  );
}
