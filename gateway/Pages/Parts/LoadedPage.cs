using Microsoft.AspNetCore.Components;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>A page that is drawn once, when everything it needs is there, with the status that the answer deserves.</summary>
public abstract class LoadedPage : ComponentBase
{
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    protected abstract Task Load();

    /// <summary>
    /// Of an address, which may be mistyped. Parameters of a page's address are texts: any other type would end in the error page, and
    /// in the log with what was typed.
    /// </summary>
    protected static Guid? IdOf(string? text) => Guid.TryParse(text, out var id) ? id : null;

    /// <summary>Those that are none become an id of nothing, so that a mistyped filter does not show everything.</summary>
    protected static Guid[] IdsOf(IEnumerable<string> texts) => [.. texts.Select(text => IdOf(text) ?? Guid.Empty)];

    protected static bool IsSet(string? text) => bool.TryParse(text, out var set) && set;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }
}
