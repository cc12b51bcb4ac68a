/** The few icons of the page, drawn on one 16 × 16 grid with one stroke. Always decoration: the control beside it is named. */

const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M4.5 6.5L8 10l3.5-3.5',
  copy: 'M6 6h7v7H6zM3.5 10V3.5H10',
  check: 'M3.5 8.5l3 3 6-7',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  edit: 'M3 13l.6-2.6 7-7 2 2-7 7z',
  undo: 'M6 4L3 7l3 3M3 7h6a3.5 3.5 0 010 7H7',
  sun: 'M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1',
  moon: 'M13 9.6A5.4 5.4 0 016.4 3 5.4 5.4 0 1013 9.6z',
  auto: 'M2.5 3.5h11v7.5h-11zM6 13.5h4M8 11v2.5',
  warn: 'M8 2.5l6 11H2zM8 6.5v3.2M8 11.4v.4',
  info: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 7.2v4M8 4.8v.4',
  download: 'M8 2.5v7M5 7l3 3 3-3M3 13h10',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
