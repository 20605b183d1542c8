import { notifications } from '@mantine/notifications';
import { asProblem } from '../api/problem-error.ts';

/** For actions whose button has no place for a notice: what was tried, what happened, what to do. */
export function tellFailure(title: string): (error: unknown) => void {
  return (error) => {
    const { message, remedy } = asProblem(error);
    notifications.show({
      color: 'red',
      title,
      message: [message, remedy].filter(Boolean).join(' '),
      autoClose: 10_000,
    });
  };
}
