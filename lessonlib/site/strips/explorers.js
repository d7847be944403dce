// Explorers that answer without a kernel: each takes the place of a drawn strip that names it.

import { exploreAttention } from "./attention.js";
import { exploreBlanks, HidingExplorer } from "./hiding.js";
import { explorePrefix } from "./prefix.js";
import { SentenceExplorer } from "./sentence.js";
import { exploreSpans } from "./spans.js";

const EXPLORERS = {
  explore: ({ text }) => new SentenceExplorer(text),
  explore_attention: ({ text }) => exploreAttention(text),
  explore_blanks: exploreBlanks,
  explore_hiding: ({ text, positions }) => new HidingExplorer(text, positions),
  explore_prefix: ({ text }) => explorePrefix(text),
  explore_spans: ({ text }) => exploreSpans(text),
};

for (const place of document.querySelectorAll("[data-explorer]")) {
  const { explorer, arguments: given } = place.dataset;
  EXPLORERS[explorer](JSON.parse(given)).start(place);
}
