/** A fault of ours in one part of the page takes the place of that part, and leaves the others alone. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { FaultActions, FaultDetails, FaultReport } from './FaultReport.tsx';
import './fault.css';

interface Props {
  /** What the part is called on screen, as a sentence may begin with it: “The Inspector”. */
  readonly part: string;
  /**
   * - `screen`: all below the top bar; another address ends the fault
   * - `part`: a place in a screen
   */
  readonly place?: 'screen' | 'part';
  /** Of what opens over the page: closes it. The fault is then told in a dialog. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

interface State {
  /** What was thrown, boxed: anything can be. */
  readonly fault: { readonly thrown: unknown } | null;
  readonly components: string;
  /** Faults since it last went well, or since the address changed. */
  readonly times: number;
}

/**
 * Catches what is thrown while its children are drawn (React has classes alone for this). What people have typed, graded
 * and ranked lies in the stores, which no fault of drawing touches.
 */
export class FaultBoundary extends Component<Props, State> {
  override state: State = { fault: null, components: '', times: 0 };

  static getDerivedStateFromError(thrown: unknown): Pick<State, 'fault'> {
    return { fault: { thrown } };
  }

  override componentDidCatch(_: unknown, { componentStack }: ErrorInfo): void {
    this.setState(({ times }) => ({ components: componentStack ?? '', times: times + 1 }));
  }

  override componentDidMount(): void {
    addEventListener('hashchange', this.#elsewhere);
  }

  override componentWillUnmount(): void {
    removeEventListener('hashchange', this.#elsewhere);
  }

  #elsewhere = (): void => {
    if (this.state.fault) this.setState({ fault: null, times: 0 });
  };

  #again = (): void => this.setState({ fault: null });

  #close = (): void => {
    this.props.onClose?.();
    this.setState({ fault: null, times: 0 });
  };

  override render(): ReactNode {
    const { part, place = 'part', onClose, children } = this.props;
    const { fault, components, times } = this.state;
    if (!fault) return children;
    const about = { part, place, thrown: fault.thrown, components, times, onAgain: this.#again };
    if (onClose) {
      return (
        <Dialog title={part} onClose={this.#close} actions={<FaultActions {...about} />}>
          <FaultReport {...about} />
          <FaultDetails {...about} />
        </Dialog>
      );
    }
    const Place = place === 'screen' ? 'main' : 'section';
    return (
      <Place className="fault" aria-label={part}>
        <h2>{part} could not be shown</h2>
        <FaultReport {...about} />
        <div className="fault-actions">
          <FaultActions {...about} />
        </div>
        <FaultDetails {...about} />
      </Place>
    );
  }
}
