/** Shows the order that waits while somebody reads an older one. */
export function NewOrderButton({
  onShow,
}: {
  /** `byKey`: pressed from the keyboard, so that focus must not get lost with the button. */
  readonly onShow: (byKey: boolean) => void;
}) {
  return (
    <button
      type="button"
      className="column-waiting"
      title="This order is kept while you read it. Show the newest one."
      onClick={(event) => onShow(event.detail === 0)}
    >
      New order ready
    </button>
  );
}
