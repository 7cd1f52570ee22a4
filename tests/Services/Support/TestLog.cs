using Microsoft.Extensions.Logging;

namespace EnterprisePortal.Tests.Support;

/// <summary>Shows a service's log lines with the test that is using it.</summary>
sealed class TestLog : ILoggerProvider
{
    volatile ITestOutputHelper? output;

    public void GoesTo(ITestOutputHelper? test) => output = test ?? output;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    sealed class Logger(TestLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            try
            {
                log.output?.WriteLine($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
            catch (InvalidOperationException)
            {
                // The test is over; the service still writes to the log.
            }
        }
    }
}
