import { $, setText } from "./dom.js";
import { count, several, share } from "./format.js";

/** How many nodes there should be, and why. */
export class Advice {
  draw({ scale }) {
    const isKnown = scale.recommended !== null;
    const missing = isKnown ? scale.recommended - scale.nodes : 0;
    $("advice").classList.toggle("warn", missing > 0);
    $("advice").classList.toggle("spare", missing < 0);
    setText($("advice-title"), !isKnown ? "Not known yet"
      : missing > 0 ? `Add ${several(missing, "node")}`
        : missing < 0 ? `${several(-missing, "node")} to spare`
          : "As many nodes as needed");
    setText($("advice-reason"), sentence(scale.reason));
    setText($("advice-nodes"), count(scale.nodes));
    setText($("advice-recommended"), isKnown ? count(scale.recommended) : "–");
    setText($("advice-headroom"), scale.capacityCalls > 0 ? several(scale.headroomCallsPerSecond, "call") + "/s" : "–");
    setText($("advice-used"), `${share(scale.utilisation)} of ${share(scale.target)}`);
    $("advice-bar").value = Math.min(1, scale.utilisation);
    $("advice-bar").high = scale.target;
  }
}

function sentence(text) {
  return text === "" ? "" : `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
