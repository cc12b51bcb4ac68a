import { useEffect } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Segmented.tsx';

/** What of a lesson fills the screen in a room: its text, or its figure with the tasks. */
export type Slide = 'text' | 'figure';

const SLIDES = [
  { value: 'text', label: 'Text' },
  { value: 'figure', label: 'Figure and tasks' },
] as const;

/** `present=text` or `present=figure` in a lesson's address. */
export const slideOf = (params: URLSearchParams): Slide | undefined =>
  SLIDES.find(({ value }) => value === params.get('present'))?.value;

interface Props {
  readonly slide: Slide;
  readonly onChange: (slide: Slide | undefined) => void;
}

/** Goes from one slide to the other, and back to the page. */
export function LeavePresenting({ slide, onChange }: Props) {
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      onChange(undefined);
    };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, [onChange]);
  return (
    <div className="lesson-slides">
      <Segmented label="Slide" value={slide} options={SLIDES} onChange={onChange} />
      <Button small shortcut="Esc" keys="Escape" onClick={() => onChange(undefined)}>
        Leave
      </Button>
    </div>
  );
}
