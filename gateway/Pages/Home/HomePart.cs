using EnterprisePortal.Gateway.Clients;
using Microsoft.AspNetCore.Components;

namespace EnterprisePortal.Gateway.Pages.Home;

/// <summary>
/// A part of <see cref="HomePage"/>, which loads by itself: all parts ask their services at the same time, and one whose service has not
/// answered by the deadline leaves its place to portal.js, which fetches it alone (<see cref="HomeParts"/>).
/// </summary>
public abstract class HomePart<T> : ComponentBase where T : class
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    /// <summary>For as long as a page waits for a service (<see cref="ServiceClientsExtensions"/>).</summary>
    [Parameter] public bool Waits { get; set; }

    /// <summary>null: not there yet (<see cref="Arrival{T}"/>).</summary>
    protected Answer<T>? Answer { get; private set; }

    protected abstract Task<Answer<T>> Ask(CancellationToken cancel);

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted);
        if (!Waits)
            late.CancelAfter(Deadline);
        try
        {
            Answer = await Ask(late.Token);
        }
        catch (OperationCanceledException) when (!Http.RequestAborted.IsCancellationRequested)
        {
            // Late: it is fetched alone.
        }
        await base.SetParametersAsync(ParameterView.Empty);
    }
}
