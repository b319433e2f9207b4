package io.github.ingress4j.servlet;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Listens to what the gateway logs. */
final class Logged {

  private Logged() {}

  /** Something that may be logged about. */
  interface Action {
    RawReply run() throws Exception;
  }

  static RawReply run(List<String> log, Action action) throws Exception {
    Logger logger = Logger.getLogger(Gateway.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            log.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      return action.run();
    } finally {
      logger.removeHandler(handler);
    }
  }
}
