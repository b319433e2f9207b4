package io.github.ingress4j.policy;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A service that is asked whether a request may pass.
 *
 * <pre>{@code
 * ReplyView reply = auth.cached(request, cache);
 * if (reply == null) {
 *   ExternalAuth.Ask ask = auth.ask(request, Map.of());
 *   reply = ask == null ? null : send(ask);      // null if no answer came
 *   auth.remember(request, reply, cache);
 * }
 * ExternalAuth.Verdict verdict = auth.judge(request, reply);
 * }</pre>
 *
 * <table>
 *   <caption>What an answer means</caption>
 *   <tr><th>Status</th><th>Verdict</th></tr>
 *   <tr><td>200 to 299</td><td>{@link Allowed}: the request goes on, with the listed header fields
 *       of the answer in place of those that the client sent</td></tr>
 *   <tr><td>401</td><td>{@link SignIn} if there is a place to sign in, else {@link Refused} with 401
 *       and the challenges of the answer</td></tr>
 *   <tr><td>403</td><td>{@link Refused} with 403</td></tr>
 *   <tr><td>anything else, or no answer</td><td>{@link Refused} with 500</td></tr>
 * </table>
 *
 * <p>The question carries what the client sent, credentials included and without a body. What only
 * the router may write is taken away first, so that a client cannot pose as a proxy before the
 * service. Redirects of the service are not followed.
 *
 * <p>Immutable and thread-safe. Source: the {@code auth-url} annotations and the {@code
 * global-auth} settings of ingress-nginx; nginx, ngx_http_auth_request_module.
 */
public final class ExternalAuth {

  /** The statuses of answers that get the cookies of the service in any case. */
  private static final Set<Integer> WITH_COOKIES =
      Set.of(200, 201, 204, 206, 301, 302, 303, 304, 307, 308);

  private static final List<String> CONDITIONS =
      List.of(
          "If-Modified-Since",
          "If-Unmodified-Since",
          "If-None-Match",
          "If-Match",
          "Range",
          "If-Range");

  private static final int NO_ANSWER = 500;

  private final UrlTemplate url;
  private final String location;
  private final String scope;
  private final @Nullable String method;
  private final @Nullable UrlTemplate signIn;
  private final String signInParameter;
  private final boolean isSignInRelative;
  private final boolean showsPortInSignIn;
  private final List<String> responseHeaders;
  private final Map<String, Template> requestHeaders;
  private final @Nullable Template requestRedirect;
  private final boolean alwaysSetsCookies;
  private final @Nullable Template cacheKey;
  private final List<CacheTime> cacheTimes;
  private final Duration connectTimeout;
  private final Duration readTimeout;

  private ExternalAuth(Builder builder) {
    url = new UrlTemplate(builder.url);
    location = builder.location;
    // Whoever asks for something else, such as more rights, must not get an old answer.
    scope = builder.host + builder.location + '\0' + builder.url.text();
    method = builder.method;
    signIn = builder.signIn == null ? null : new UrlTemplate(builder.signIn);
    signInParameter = builder.signInParameter;
    isSignInRelative = builder.isSignInRelative;
    showsPortInSignIn = builder.showsPortInSignIn;
    responseHeaders = builder.responseHeaders;
    requestHeaders = builder.requestHeaders;
    requestRedirect = builder.requestRedirect;
    alwaysSetsCookies = builder.alwaysSetsCookies;
    cacheKey = builder.cacheKey;
    cacheTimes = builder.cacheTimes;
    connectTimeout = builder.connectTimeout;
    readTimeout = builder.readTimeout;
  }

  /**
   * Returns a builder.
   *
   * @param url the URL of the service: {@code http} or {@code https}, a host, and what to ask for
   * @return the builder
   */
  public static Builder builder(Template url) {
    return new Builder(url);
  }

  /**
   * What the service is asked.
   *
   * <p>Immutable and thread-safe.
   *
   * @param method the method
   * @param url where the question goes: {@code http} or {@code https}, a host, and the target to
   *     send
   * @param host the Host to send
   * @param requestHeaders what the client's header fields become; there is no body
   * @param connectTimeout how long connecting may take
   * @param readTimeout how long the service may be silent
   */
  public record Ask(
      String method,
      String url,
      String host,
      HeaderEdits requestHeaders,
      Duration connectTimeout,
      Duration readTimeout) {}

  /** What becomes of a request. */
  public sealed interface Verdict {

    /**
     * Returns what the service adds to the answer to the client.
     *
     * @param status the status of that answer
     * @return the changes
     */
    HeaderEdits responseHeaders(int status);
  }

  /**
   * The request may pass.
   *
   * <p>Immutable and thread-safe.
   *
   * @param requestHeaders what the service tells the back end, in place of what the client said
   * @param cookies the cookies that the service sets, one line each
   * @param alwaysSetsCookies whether they are set whatever the status of the answer is
   */
  public record Allowed(HeaderEdits requestHeaders, List<String> cookies, boolean alwaysSetsCookies)
      implements Verdict {

    /** Copies the cookies. */
    public Allowed {
      cookies = List.copyOf(cookies);
    }

    @Override
    public HeaderEdits responseHeaders(int status) {
      HeaderEdits.Builder edits = HeaderEdits.builder();
      appendCookies(edits, cookies, alwaysSetsCookies, status);
      return edits.build();
    }
  }

  /**
   * The request may not pass.
   *
   * <p>Immutable and thread-safe.
   *
   * @param status 401, 403, or 500 if the service gave no answer that says so
   * @param challenges how the client can prove who it is, one line each
   * @param cookies the cookies that the service sets, one line each
   * @param alwaysSetsCookies whether they are set whatever the status of the answer is
   */
  public record Refused(
      int status, List<String> challenges, List<String> cookies, boolean alwaysSetsCookies)
      implements Verdict {

    /** Copies the lines. */
    public Refused {
      challenges = List.copyOf(challenges);
      cookies = List.copyOf(cookies);
    }

    /** Returns the cookies. The challenges stand beside those of others who refuse the request. */
    @Override
    public HeaderEdits responseHeaders(int finalStatus) {
      HeaderEdits.Builder edits = HeaderEdits.builder();
      appendCookies(edits, cookies, alwaysSetsCookies, finalStatus);
      return edits.build();
    }
  }

  /**
   * The client is sent to a place where it can sign in.
   *
   * <p>Immutable and thread-safe.
   *
   * @param redirection the place
   * @param cookies the cookies that the service sets, one line each
   */
  public record SignIn(Redirection redirection, List<String> cookies) implements Verdict {

    /** Copies the cookies. */
    public SignIn {
      cookies = List.copyOf(cookies);
    }

    @Override
    public HeaderEdits responseHeaders(int status) {
      HeaderEdits.Builder edits = HeaderEdits.builder();
      appendCookies(edits, cookies, false, status);
      return edits.build();
    }
  }

  private static void appendCookies(
      HeaderEdits.Builder edits, List<String> cookies, boolean isAlways, int status) {
    if (isAlways || WITH_COOKIES.contains(status)) {
      for (String cookie : cookies) {
        edits.append("Set-Cookie", cookie);
      }
    }
  }

  /** Equal are services that are asked the same and whose answers mean the same. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExternalAuth that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<@Nullable Object> parts() {
    return Arrays.asList(
        url.template(),
        location,
        scope,
        method,
        signIn == null ? null : signIn.template(),
        signInParameter,
        isSignInRelative,
        showsPortInSignIn,
        responseHeaders,
        requestHeaders,
        requestRedirect,
        alwaysSetsCookies,
        cacheKey,
        cacheTimes,
        connectTimeout,
        readTimeout);
  }

  /**
   * Returns what the service is asked about a request.
   *
   * @param request the request
   * @param additions further fields, by name, such as those of a client certificate; an empty value
   *     removes the field
   * @return the question; {@code null} if the request would name a host that it must not, which is
   *     judged as if no answer came
   */
  public @Nullable Ask ask(CanonicalRequest request, Map<String, String> additions) {
    UrlTemplate.Url target = url.expand(request);
    if (target == null || target.isRelative()) {
      return null;
    }
    String rest = target.rest().isEmpty() ? location : target.rest();
    return new Ask(
        method == null ? "GET" : method,
        target.scheme() + "://" + target.authority() + (rest.startsWith("/") ? "" : "/") + rest,
        target.hostName(),
        headers(request, additions),
        connectTimeout,
        readTimeout);
  }

  private HeaderEdits headers(CanonicalRequest request, Map<String, String> additions) {
    ForwardedHeaders client = request.client();
    HeaderEdits.Builder edits = SideRequests.withoutForgeries(request);
    edits.clear("X-Forwarded-Proto");
    SideRequests.setOrClear(edits, "X-Request-ID", client.requestId());
    // What the service is told with a method only, a client must not tell it without one.
    SideRequests.setOrClear(edits, "X-Original-URI", method == null ? null : request.requestUri());
    if (method != null) {
      SideRequests.setOrClear(edits, "X-Scheme", client.scheme());
    }
    SideRequests.setOrClear(edits, "X-Original-URL", originalUrl(request, request.view().scheme()));
    edits.set("X-Original-Method", request.view().method());
    edits.set("X-Sent-From", "nginx-ingress-controller");
    edits.set("X-Real-IP", client.clientAddress());
    List<String> chain = client.edits(null).asMap().getOrDefault("X-Forwarded-For", List.of());
    edits.set("X-Forwarded-For", chain.isEmpty() ? client.clientAddress() : chain.get(0));
    String trustedHost = client.bestHost(null);
    if (trustedHost != null) {
      edits.set("X-Forwarded-Host", trustedHost);
    }
    SideRequests.setOrClear(
        edits,
        "X-Auth-Request-Redirect",
        requestRedirect == null
            ? request.requestUri()
            : UrlText.withoutControls(requestRedirect.expand(request)));
    if (cacheKey != null) {
      // The answer may be given to others, so it must not depend on what this client has already.
      CONDITIONS.forEach(edits::clear);
    }
    additions.forEach((name, value) -> SideRequests.setOrClear(edits, name, value));
    requestHeaders.forEach(
        (name, value) ->
            SideRequests.setOrClear(edits, name, UrlText.withoutControls(value.expand(request))));
    return SideRequests.build(edits, request.view());
  }

  private static String originalUrl(CanonicalRequest request, String scheme) {
    String host = request.variable("http_host");
    return scheme + "://" + (host == null ? "" : host) + request.requestUri();
  }

  /**
   * Judges the answer of the service.
   *
   * @param request the request
   * @param reply the answer, or {@code null} if none came
   * @return what becomes of the request
   */
  public Verdict judge(CanonicalRequest request, @Nullable ReplyView reply) {
    if (reply == null || !isLegal(reply)) {
      return new Refused(NO_ANSWER, List.of(), List.of(), alwaysSetsCookies);
    }
    int status = reply.status();
    List<String> cookies = reply.headers("Set-Cookie");
    if (status >= 200 && status <= 299) {
      return new Allowed(upstreamHeaders(request, reply), cookies, alwaysSetsCookies);
    }
    if (status == 401) {
      Redirection redirection = signIn(request);
      return redirection == null
          ? new Refused(401, reply.headers("WWW-Authenticate"), cookies, alwaysSetsCookies)
          : new SignIn(redirection, cookies);
    }
    return new Refused(status == 403 ? 403 : NO_ANSWER, List.of(), cookies, alwaysSetsCookies);
  }

  /** Whether all that would be passed on can be. */
  private boolean isLegal(ReplyView reply) {
    for (String name : List.of("Set-Cookie", "WWW-Authenticate")) {
      if (!reply.headers(name).stream().allMatch(HeaderValue::isLegal)) {
        return false;
      }
    }
    for (String name : responseHeaders) {
      if (!reply.headers(name).stream().allMatch(HeaderValue::isLegal)) {
        return false;
      }
    }
    return true;
  }

  private HeaderEdits upstreamHeaders(CanonicalRequest request, ReplyView reply) {
    HeaderEdits.Builder edits = HeaderEdits.builder().addAll(unasked(request));
    for (String name : responseHeaders) {
      SideRequests.setOrClear(edits, name, String.join(", ", reply.headers(name)));
    }
    return edits.build();
  }

  /**
   * Returns what changes on the request to the back end if it passes although the service was not
   * asked: no client speaks for the service.
   *
   * @param request the request
   * @return the removal of what the client sent under the names of the fields that are taken from
   *     an answer, however it spelt them
   */
  public HeaderEdits unasked(CanonicalRequest request) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    for (String name : responseHeaders) {
      edits.clear(name);
      // Many back ends read a name with underscores as if it were written with dashes.
      for (String sent : request.view().headerNames()) {
        if (sent.replace('_', '-').equalsIgnoreCase(name.replace('_', '-'))) {
          edits.clear(sent);
        }
      }
    }
    return edits.build();
  }

  /**
   * Returns where a client can sign in. It is sent there in place of every 401 that the router
   * makes on the route, whoever asked for it.
   *
   * @param request the request
   * @return a redirect with 302 that names the original URL, or {@code null} if there is no such
   *     place
   */
  public @Nullable Redirection signIn(CanonicalRequest request) {
    UrlTemplate.Url place = signIn == null ? null : signIn.expand(request);
    if (signIn == null || place == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(place.text());
    String query = queryOf(signIn.template().text());
    if (!hasParameter(query, signInParameter)) {
      StringBuilder target = new StringBuilder();
      UrlText.appendComponent(target, request.requestUri());
      String host = request.variable("http_host");
      text.append(isWithoutParameters(query) ? '?' : '&')
          .append(signInParameter)
          .append('=')
          .append(Locations.schemeOf(request))
          .append("://")
          .append(host == null ? "" : host)
          .append(target);
    }
    String value = UrlText.withoutControls(text.toString());
    return new Redirection(
        302,
        value.startsWith("/")
            ? Locations.here(request, value, showsPortInSignIn, isSignInRelative)
            : value);
  }

  private static String queryOf(String text) {
    int hash = text.indexOf('#');
    String url = hash < 0 ? text : text.substring(0, hash);
    int mark = url.indexOf('?');
    return mark < 0 ? "" : url.substring(mark + 1);
  }

  private static boolean isWithoutParameters(String query) {
    for (int i = 0; i < query.length(); i++) {
      if (query.charAt(i) != '&') {
        return false;
      }
    }
    return true;
  }

  /** Whether the parameter is there and is not empty. */
  private static boolean hasParameter(String query, String name) {
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals >= 0 && parameter.substring(0, equals).equals(name)) {
        // As with the first parameter of a name in general, a second one does not count.
        return equals + 1 < parameter.length();
      }
      if (parameter.equals(name)) {
        return false;
      }
    }
    return false;
  }

  /**
   * Returns the answer that the service gave earlier to the same question.
   *
   * @param request the request
   * @param cache what is remembered
   * @return the answer, or {@code null} if the service has to be asked
   */
  public @Nullable ReplyView cached(CanonicalRequest request, Cache cache) {
    return cacheKey == null ? null : cache.find(key(request, cacheKey), request);
  }

  /**
   * Remembers an answer, as long as it says itself or else its status allows. One that sets cookies
   * is never remembered, nor is one that forbids it.
   *
   * @param request the request
   * @param reply the answer, or {@code null} if none came
   * @param cache what is remembered
   */
  public void remember(CanonicalRequest request, @Nullable ReplyView reply, Cache cache) {
    if (cacheKey == null || reply == null || !isLegal(reply)) {
      return;
    }
    Instant now = cache.clock.instant();
    Instant until = AuthAnswer.expiry(reply, cacheTimes, now);
    if (until == null || !until.isAfter(now)) {
      return;
    }
    Map<String, List<String>> kept = new LinkedHashMap<>();
    kept.put("www-authenticate", reply.headers("WWW-Authenticate"));
    for (String name : responseHeaders) {
      kept.put(name.toLowerCase(Locale.ROOT), reply.headers(name));
    }
    cache.put(key(request, cacheKey), request, reply, kept, until);
  }

  private String key(CanonicalRequest request, Template template) {
    // Credentials are usually part of the key: it is kept as a hash only.
    String text = scope + '\0' + template.expand(request);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new String(hash, StandardCharsets.ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * How long answers of some statuses are remembered.
   *
   * <p>Immutable and thread-safe.
   *
   * @param statuses the statuses; none stands for all
   * @param duration how long
   */
  public record CacheTime(Set<Integer> statuses, Duration duration) {

    private static final Set<Integer> WITHOUT_STATUS = Set.of(200, 301, 302);

    /** In seconds; longer than a human life, and a time that can be added to every date. */
    private static final long LONGEST = 9_999_999_999L;

    /** Copies the statuses. */
    public CacheTime {
      statuses = Set.copyOf(statuses);
      Objects.requireNonNull(duration, "duration");
    }

    /**
     * Reads statuses and times as nginx writes them.
     *
     * @param text such as {@code 200 202 401 5m, any 10s}; statuses that are left out are 200, 301
     *     and 302
     * @return the times, the first that fits decides; {@code null} if nginx refuses the text
     */
    public static @Nullable List<CacheTime> parse(String text) {
      List<CacheTime> times = new ArrayList<>();
      for (String item : text.split(",", -1)) {
        List<String> words = ValueRewrite.words(item);
        if (words.isEmpty()) {
          continue;
        }
        Duration duration = duration(words.get(words.size() - 1));
        if (duration == null) {
          return null;
        }
        Set<Integer> statuses = new TreeSet<>();
        boolean isAny = false;
        for (String word : words.subList(0, words.size() - 1)) {
          if (word.equals("any")) {
            isAny = true;
            continue;
          }
          if (word.length() != 3 || AuthAnswer.digits(word, 0).length() != 3) {
            return null;
          }
          statuses.add(Integer.parseInt(word));
        }
        times.add(
            new CacheTime(
                isAny ? Set.of() : words.size() == 1 ? WITHOUT_STATUS : statuses, duration));
      }
      return List.copyOf(times);
    }

    /** Whole seconds, or numbers with units from the largest to the smallest. */
    private static @Nullable Duration duration(String text) {
      String units = "yMwdhms";
      long[] lengths = {31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1};
      int last = -1;
      long total = 0;
      int at = 0;
      while (at < text.length()) {
        String number = AuthAnswer.digits(text, at);
        if (number.isEmpty() || number.length() > 9) {
          return null;
        }
        at += number.length();
        int unit = at == text.length() ? units.length() - 1 : units.indexOf(text.charAt(at));
        if (unit <= last) {
          return null;
        }
        last = unit;
        total += Long.parseLong(number) * lengths[unit];
        at++;
      }
      return text.isEmpty() ? null : Duration.ofSeconds(Math.min(total, LONGEST));
    }
  }

  /**
   * The answers of services that are remembered, for all routes together. It lives apart from the
   * routes and survives them; its size is bounded.
   *
   * <p>Thread-safe.
   */
  public static final class Cache {

    /** In bytes, roughly: as much as fits without anybody noticing. */
    private static final long MAX_WEIGHT = 32L * 1024 * 1024;

    private static final int MAX_ENTRY_WEIGHT = 64 * 1024;

    private final InstantSource clock;
    private final com.github.benmanes.caffeine.cache.Cache<String, AuthAnswer> entries;

    /**
     * Makes an empty cache.
     *
     * @param clock tells when answers are too old
     */
    public Cache(InstantSource clock) {
      this.clock = clock;
      entries =
          Caffeine.newBuilder()
              .maximumWeight(MAX_WEIGHT)
              .weigher((String key, AuthAnswer entry) -> entry.weight())
              .executor(Runnable::run)
              .build();
    }

    @Nullable ReplyView find(String key, CanonicalRequest request) {
      AuthAnswer entry = entries.getIfPresent(key);
      if (entry == null) {
        return null;
      }
      if (!entry.until().isAfter(clock.instant())) {
        entries.asMap().remove(key, entry);
        return null;
      }
      return entry.isFor(request) ? entry : null;
    }

    void put(
        String key,
        CanonicalRequest request,
        ReplyView reply,
        Map<String, List<String>> headers,
        Instant until) {
      AuthAnswer entry = AuthAnswer.of(request, reply, headers, until);
      if (entry.weight() <= MAX_ENTRY_WEIGHT) {
        entries.put(key, entry);
      }
    }

    long weight() {
      entries.cleanUp();
      return entries.asMap().values().stream().mapToLong(AuthAnswer::weight).sum();
    }
  }

  /** Collects what is known of a service. Not thread-safe. */
  public static final class Builder {

    private final Template url;
    private String host = "";
    private String location = SideRequests.authLocation("/", "Prefix");
    private @Nullable String method;
    private @Nullable Template signIn;
    private String signInParameter = "rd";
    private boolean isSignInRelative;
    private boolean showsPortInSignIn;
    private List<String> responseHeaders = List.of();
    private Map<String, Template> requestHeaders = Map.of();
    private @Nullable Template requestRedirect;
    private boolean alwaysSetsCookies;
    private @Nullable Template cacheKey;
    private List<CacheTime> cacheTimes =
        List.of(new CacheTime(Set.of(200, 202, 401), Duration.ofMinutes(5)));
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration readTimeout = Duration.ofSeconds(60);

    private Builder(Template url) {
      this.url = Objects.requireNonNull(url, "url");
    }

    /**
     * Sets the rule whose requests are asked about. Answers are remembered for each rule apart, and
     * a URL without a path asks for one that is made of this.
     *
     * @param ruleHost the host of the rule, {@code _} for every host
     * @param path the path of the rule as written
     * @param pathType such as {@code Prefix}
     * @return this builder
     */
    public Builder rule(String ruleHost, String path, String pathType) {
      host = Objects.requireNonNull(ruleHost, "ruleHost");
      location = SideRequests.authLocation(path, pathType);
      return this;
    }

    /**
     * Sets the method. The service is then told the original URI and scheme, too.
     *
     * @param value such as {@code POST}; {@code null} for GET
     * @return this builder
     * @throws IllegalArgumentException if {@code value} is no token
     */
    public Builder method(@Nullable String value) {
      if (value != null && !HeaderName.isToken(value)) {
        throw new IllegalArgumentException("a method must be a token of RFC 9110");
      }
      method = value;
      return this;
    }

    /**
     * Sets where clients sign in.
     *
     * @param value the URL, or {@code null}
     * @param parameter the query parameter that holds the original URL, added unless the URL has it
     *     already
     * @return this builder
     * @throws IllegalArgumentException if {@code parameter} holds a control character
     */
    public Builder signIn(@Nullable Template value, String parameter) {
      String octets = UrlText.octets(parameter);
      HeaderValue.require("Location", octets);
      signIn = value;
      signInParameter = octets;
      return this;
    }

    /**
     * Sets how a sign-in URL that begins with a slash is sent.
     *
     * @param isRelative whether it stays without scheme and host
     * @param showsPort whether the port follows the host, unless the scheme implies it
     * @return this builder
     */
    public Builder signInStyle(boolean isRelative, boolean showsPort) {
      isSignInRelative = isRelative;
      showsPortInSignIn = showsPort;
      return this;
    }

    /**
     * Sets which fields of an answer go to the back end.
     *
     * @param names the names; one that concerns a connection or frames a message is left out
     * @return this builder
     */
    public Builder responseHeaders(List<String> names) {
      responseHeaders = names.stream().filter(HeaderName::isSettable).toList();
      return this;
    }

    /**
     * Sets fields that the service is sent.
     *
     * @param values the values by name; an empty one removes its field
     * @return this builder
     * @throws IllegalArgumentException if a name is no token, or concerns a connection or frames a
     *     message
     */
    public Builder requestHeaders(Map<String, Template> values) {
      for (String name : values.keySet()) {
        if (!HeaderName.isSettable(name)) {
          throw new IllegalArgumentException(
              "a header name must be a token of RFC 9110 and must not belong to the connection");
        }
      }
      requestHeaders = new LinkedHashMap<>(values);
      return this;
    }

    /**
     * Sets what the service is told to be the place to return to.
     *
     * @param value the text; {@code null} for the target of the request
     * @return this builder
     */
    public Builder requestRedirect(@Nullable Template value) {
      requestRedirect = value;
      return this;
    }

    /**
     * Sets whether the cookies of the service reach the client whatever the status of the answer
     * is.
     *
     * @param value whether they do; else only with success, redirects and 304
     * @return this builder
     */
    public Builder alwaysSetsCookies(boolean value) {
      alwaysSetsCookies = value;
      return this;
    }

    /**
     * Sets how answers are remembered.
     *
     * @param key what tells questions apart, or {@code null} if nothing is remembered
     * @param times how long, by status, where an answer does not say it itself
     * @return this builder
     */
    public Builder cache(@Nullable Template key, List<CacheTime> times) {
      cacheKey = key;
      cacheTimes = List.copyOf(times);
      return this;
    }

    /**
     * Sets how long the service may take.
     *
     * @param connect until there is a connection
     * @param read until the next byte comes
     * @return this builder
     */
    public Builder timeouts(Duration connect, Duration read) {
      connectTimeout = Objects.requireNonNull(connect, "connect");
      readTimeout = Objects.requireNonNull(read, "read");
      return this;
    }

    /**
     * Makes the policy.
     *
     * @return the policy
     */
    public ExternalAuth build() {
      return new ExternalAuth(this);
    }
  }
}
