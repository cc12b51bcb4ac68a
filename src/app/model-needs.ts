/** Which screens need the columns' models: all but Learn, whose lessons say themselves what they ask. */
import { needColumns } from '../state/models/needed.ts';
import { readRoute } from './routes.ts';

/** Called once, before the state is started: on Learn no model is loaded that nobody asks. */
export function watchNeeds(): void {
  const read = (): void => needColumns(readRoute(location.hash) !== '/learn');
  read();
  addEventListener('hashchange', read);
}
