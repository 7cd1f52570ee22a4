using Microsoft.AspNetCore.Components;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>A page that is rendered once, when everything it needs is there, with the status code of the answer.</summary>
public abstract class LoadedPage : ComponentBase
{
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    protected abstract Task Load();

    /// <summary>
    /// The id in an address, which may be mistyped. Parameters of a page's address are texts: any other type would end in the error page,
    /// and the typed text in the log.
    /// </summary>
    protected static Guid? IdOf(string? text) => Guid.TryParse(text, out var id) ? id : null;

    /// <summary>A text that is no id becomes an empty id, so that a mistyped filter does not show everything.</summary>
    protected static Guid[] IdsOf(IEnumerable<string> texts) => [.. texts.Select(text => IdOf(text) ?? Guid.Empty)];

    protected static bool IsSet(string? text) => bool.TryParse(text, out var set) && set;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }
}
