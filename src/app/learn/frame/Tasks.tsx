import { Icon } from '../../ui/Icon.tsx';
import type { Task } from './lesson.ts';

interface Props<S> {
  readonly tasks: readonly Task<S>[];
  readonly done: readonly string[];
  /** Task id → how many of its hints are shown. */
  readonly hints: Readonly<Record<string, number>>;
  readonly state: S;
  readonly start: S;
}

/** The tasks, each with what the figure says about it now. */
export function Tasks<S>({ tasks, done, hints, state, start }: Props<S>) {
  return (
    <>
      <h3 id="lesson-tasks">Tasks</h3>
      <ol className="tasks" aria-label="Tasks">
        {tasks.map((task, i) => {
          const isDone = done.includes(task.id);
          const remarkOf = (one: Task<S> | undefined) =>
            one && !done.includes(one.id) ? one.judge(state, start).remark : undefined;
          const remark = remarkOf(task);
          // What stands in the way of several is said once.
          const said = remark === remarkOf(tasks[i - 1]);
          const shown = task.hints.slice(0, hints[task.id] ?? 0);
          return (
            <li key={task.id} className="task" data-done={isDone}>
              <span className="task-mark" aria-hidden="true">
                {isDone ? <Icon name="check" size={14} /> : i + 1}
              </span>
              <div>
                <p>
                  {isDone && <span className="visually-hidden">Done: </span>}
                  {task.text}
                </p>
                {!isDone && !said && <p className="task-remark">{remark}</p>}
                {!isDone &&
                  shown.map((hint) => (
                    <p key={hint} className="task-hint">
                      {hint}
                    </p>
                  ))}
              </div>
            </li>
          );
        })}
      </ol>
    </>
  );
}
