/** What open tabs tell each other: BroadcastChannel behind an interface that tests can stand in for. */
export interface TabChannel<News> {
  /** To all other tabs. */
  post(news: News): void;
  listen(hear: (news: News) => void): void;
}

export function tabChannel<News>(name: string): TabChannel<News> {
  const channel = new BroadcastChannel(`rankscope-${name}`);
  return {
    post: (news) => channel.postMessage(news),
    listen: (hear) => {
      channel.onmessage = ({ data }) => hear(data as News);
    },
  };
}
