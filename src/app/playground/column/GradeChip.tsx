import { memo } from 'react';
import type { Grade } from '../../../state/grades.ts';
import { MenuButton } from '../../ui/MenuButton.tsx';

export const gradeMeanings = ['not relevant', 'related', 'relevant', 'answers it'] as const;

const grades: readonly Grade[] = [3, 2, 1, 0];

/** The grade of a passage; a menu for pointers and touch, the focused row's keys do the same. */
export const GradeChip = memo(function GradeChip({
  grade,
  onGrade,
}: {
  readonly grade: number | null;
  /** Absent: it is only to be read. */
  readonly onGrade: ((grade: Grade | null) => void) | undefined;
}) {
  if (!onGrade) {
    return (
      <span className="grade" title={grade === null ? 'Not judged' : `Grade ${grade}`}>
        <span data-grade={grade ?? 'none'}>{grade ?? '–'}</span>
      </span>
    );
  }
  return (
    <MenuButton
      label={grade === null ? 'Not judged' : `Grade ${grade}`}
      className="grade"
      tabIndex={-1}
      trigger={<span data-grade={grade ?? 'none'}>{grade ?? '–'}</span>}
      items={[
        ...grades.map((value) => ({
          label: `${value} · ${gradeMeanings[value]}`,
          checked: grade === value,
          onSelect: () => onGrade(value),
        })),
        { label: '– · not judged', checked: grade === null, onSelect: () => onGrade(null) },
      ]}
    />
  );
});
