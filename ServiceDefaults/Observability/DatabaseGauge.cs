using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Observability;

/// <summary>A metric that is read from the service's database.</summary>
/// <param name="Sql">One cheap select of one number; null: nothing to measure.</param>
sealed record DatabaseGauge(string Name, string Unit, string Description, string Sql);

public static class DatabaseGaugeExtensions
{
    /// <summary>Call after AddDatabase, whose tables it queries.</summary>
    public static WebApplicationBuilder AddGauge(this WebApplicationBuilder builder, string name, string unit, string description,
        string sql)
    {
        builder.AddSettings<MetricsOptions>("Metrics");
        builder.Services.AddSingleton(new DatabaseGauge(name, unit, description, sql));
        builder.Services.AddHostedService<MeasureDatabase>();
        return builder;
    }
}

/// <summary>Section <c>Metrics</c>.</summary>
sealed class MetricsOptions
{
    /// <summary>How often the database is measured.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(15);
}

/// <summary>
/// Measures all of the service's gauges in one query, every quarter of a minute (<c>Metrics:Every</c>), and only while somebody listens:
/// exporting metrics more often does not query the database more often. All replicas report the same value. While the database is down
/// there is no value, rather than an old one.
/// </summary>
sealed class MeasureDatabase : BackgroundLoop
{
    readonly NpgsqlDataSource db;
    readonly DatabaseGauge[] gauges;
    readonly Instrument[] instruments;
    double?[] values;

    public MeasureDatabase(NpgsqlDataSource db, IEnumerable<DatabaseGauge> gauges, PortalMetrics metrics,
        IOptions<MetricsOptions> options, TimeProvider clock, ILogger<MeasureDatabase> log) : base(options.Value.Every, clock, log)
    {
        (this.db, this.gauges) = (db, [.. gauges]);
        values = new double?[this.gauges.Length];
        instruments = [.. this.gauges.Select((gauge, at) =>
            metrics.Meter.CreateObservableGauge<double>(gauge.Name, () => Known(at), gauge.Unit, gauge.Description))];
    }

    IEnumerable<Measurement<double>> Known(int gauge) => values[gauge] is { } value ? [new(value)] : [];

    protected override async Task Round(CancellationToken stop)
    {
        var measured = new double?[gauges.Length];
        try
        {
            if (instruments.Any(instrument => instrument.Enabled))
                measured = await Measure(stop);
        }
        finally
        {
            values = measured;
        }
    }

    async Task<double?[]> Measure(CancellationToken cancel)
    {
        await using var batch = db.CreateBatch();
        foreach (var gauge in gauges)
            batch.BatchCommands.Add(new($"select ({gauge.Sql})::float8"));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var measured = new double?[gauges.Length];
        for (var at = 0; at < measured.Length; at++, await rows.NextResultAsync(cancel))
            measured[at] = await rows.ReadAsync(cancel) && !rows.IsDBNull(0) ? rows.GetDouble(0) : null;
        return measured;
    }
}
