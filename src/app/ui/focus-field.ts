/** Takes the user to the field that a label of just these words belongs to. */
export function focusField(label: string): void {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent === label);
  found?.control?.focus();
}
