// The office's policy allows no style in the page, and nothing here is written as code in attributes.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
