using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.ServiceDefaults;

/// <summary>Section <c>Stop</c>.</summary>
public sealed class StopOptions
{
    /// <summary>How long a process goes on answering after SIGTERM, so that all who call it learn that it will stop.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan Notice { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests and messages that have begun may then take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>
/// SIGTERM does not stop a process at once: whoever sends it requests does not know yet. First it gives notice: <c>/health</c> says that it
/// is not ready, and each answer closes its connection. Then it accepts nothing more, and finishes what it has. In Development, where
/// nobody waits for a replica, SIGTERM stops it at once.
/// </summary>
public static class DrainingExtensions
{
    internal static void AddDraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Draining>();
        if (builder.Environment.IsDevelopment())
            return;
        builder.AddSettings<StopOptions>("Stop");
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<StopOptions>>((host, stop) => host.ShutdownTimeout = stop.Value.Deadline);
        builder.Services.AddHealthChecks().AddCheck<Draining>("stays");
        builder.Services.AddSingleton<IHostLifetime, GiveNotice>();
    }

    internal static void UseDraining(this WebApplication app)
    {
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use((http, next) =>
        {
            if (draining.HasBegun)
                http.Response.Headers.Connection = "close";
            return next(http);
        });
    }
}

sealed class Draining : IHealthCheck
{
    volatile bool begun;

    public bool HasBegun => begun;

    public void Begin() => begun = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(begun ? new HealthCheckResult(context.Registration.FailureStatus, "Stopping.") : HealthCheckResult.Healthy());
}

/// <summary>In the place of the framework's own lifetime, which would begin to stop at the signal.</summary>
sealed class GiveNotice(Draining draining, IHostApplicationLifetime host, IOptions<StopOptions> options, TimeProvider clock,
    ILogger<GiveNotice> log) : IHostLifetime, IDisposable
{
    PosixSignalRegistration[] signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; _ = Leave(); }),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => { signal.Cancel = true; host.StopApplication(); })
        ];
        return Task.CompletedTask;
    }

    async Task Leave()
    {
        if (draining.HasBegun)
            return;
        draining.Begin();
        log.LogInformation("Stopping after a notice of {Notice}.", options.Value.Notice);
        // A process that has not started yet has nobody to tell.
        if (host.ApplicationStarted.IsCancellationRequested)
            await Task.Delay(options.Value.Notice, clock);
        host.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => Array.ForEach(signals, signal => signal.Dispose());
}
